/**
 * Runs inside an environment, a Node.js process of its own that shares only a channel with the runner. As Lambda's
 * runtime does, it loads the handler once and then answers one event at a time.
 *
 * node bootstrap.js <file of the handler> <name of its export>
 */
import { pathToFileURL } from 'node:url';
import type { EnvironmentMessage, InvokeMessage } from './outcome';

type Handler = (event: unknown, context: unknown) => unknown;

const [, , file = '', exportName = ''] = process.argv;

/** Lambda's limit on the response of a synchronous invocation. */
const maxAnswerBytes = 6 * 1024 * 1024;

// Without process.send, a handler can neither use nor break the runner's channel.
const channel = process.send?.bind(process);
delete process.send;

function send(message: EnvironmentMessage): void {
  channel?.(message);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function createContext({ requestId, deadlineMs }: InvokeMessage): unknown {
  const functionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? '';
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:${process.env.AWS_REGION ?? ''}:123456789012:function:${functionName}`,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? '',
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME ?? '',
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME ?? '',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

async function answer(handler: Handler, message: InvokeMessage): Promise<void> {
  try {
    const response = await handler(message.event, createContext(message));
    // Inside the try, so that a response that JSON cannot express is the handler's error. A function becomes null.
    const json = (JSON.stringify(response ?? null) as string | undefined) ?? 'null';
    if (Buffer.byteLength(json) > maxAnswerBytes) {
      throw new Error(
        `Response payload size exceeded maximum allowed payload size (${maxAnswerBytes} bytes).`,
      );
    }
    send({ kind: 'answer', json });
  } catch (error) {
    console.error(error);
    send({ kind: 'error', error: describe(error) });
  }
}

async function start(): Promise<void> {
  let handler: unknown;
  try {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown> & {
      default?: Record<string, unknown>;
    };
    handler = module[exportName] ?? module.default?.[exportName];
    if (typeof handler !== 'function') throw new Error(`${file} exports no function ${exportName}.`);
  } catch (error) {
    send({ kind: 'error', error: describe(error) });
    return;
  }
  process.on('message', (message) => void answer(handler as Handler, message as InvokeMessage));
  send({ kind: 'ready' });
}

// The channel closes when the runner ends, even by kill -9.
process.on('disconnect', () => process.exit());
void start();
