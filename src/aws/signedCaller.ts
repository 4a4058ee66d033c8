import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest, type HttpResponse } from '@smithy/core/transport';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { systemClock, type Clock } from './clock';
import { readCredentials } from './credentials';
import { isPutOff, ThrottleRetryStrategy } from './throttleRetry';
import { timeouts } from './timeouts';
import { TableUnavailableError } from './unavailable';

/**
 * A connection that was idle for longer is not used again. Lambda freezes a function between its calls, and drops
 * connections that rest; that shows only when something is sent, and a visit that was sent into it is not repeated.
 * https://docs.aws.amazon.com/lambda/latest/dg/best-practices.html (keep-alive)
 */
const maxIdleMs = 10_000;

/** DynamoDB's own answer that it did not do as asked. */
export class DynamoDBRefusalError extends Error {
  declare readonly cause?: Error;
  /** Where the SDK looks for the status. */
  readonly $metadata: { httpStatusCode: number };

  constructor(
    name: string,
    message: string,
    readonly status: number,
  ) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode: status };
  }
}

/**
 * Calls DynamoDB by the SDK's own parts for signing, sending and repeating, without its client, which takes most of a cold
 * start. It repeats as `createCountingClient` does; docs/decisions/speed.md says what it leaves out.
 */
export class SignedCaller {
  private sender = new NodeHttpHandler(timeouts);
  private usedAtMs = 0;
  private readonly repetition = new ThrottleRetryStrategy();
  private readonly signer: SignatureV4;
  /** How far DynamoDB's clock is ahead of ours, by its last answer. A signature holds for five minutes. */
  private clockOffsetMs = 0;

  constructor(
    private readonly endpoint: URL,
    region: string,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {
    const credentials = () => Promise.resolve(readCredentials());
    this.signer = new SignatureV4({ service: 'dynamodb', region, credentials, sha256: Sha256 });
  }

  /**
   * @param input the operation's parameters, as DynamoDB's JSON has them
   * @throws TableUnavailableError when no answer came or DynamoDB cannot now, DynamoDBRefusalError for our own mistakes
   */
  async call(operation: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    let token = await this.repetition.acquireInitialRetryToken('');
    for (;;) {
      try {
        const answer = await this.attempt(operation, body);
        this.repetition.recordSuccess(token);
        return answer;
      } catch (error) {
        const refusal = error instanceof DynamoDBRefusalError ? error : undefined;
        try {
          const errorInfo = { errorType: 'CLIENT_ERROR', ...(refusal ? { error: refusal } : {}) } as const;
          token = await this.repetition.refreshRetryTokenForRetry(token, errorInfo);
        } catch {
          throw refusal && !isPutOff(refusal) && refusal.status < 500
            ? refusal
            : new TableUnavailableError(error);
        }
      }
    }
  }

  private async attempt(operation: string, body: string): Promise<unknown> {
    const { protocol, hostname, host, port, pathname } = this.endpoint;
    const request = new HttpRequest({
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      method: 'POST',
      path: pathname,
      headers: {
        host,
        'content-type': 'application/x-amz-json-1.0',
        'content-length': String(Buffer.byteLength(body)),
        'user-agent': 'footfall',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
      },
      body,
    });
    const signingDate = new Date(this.clock.now() + this.clockOffsetMs);
    const signed = await this.signer.sign(request, { signingDate });
    this.dropIdleConnection();
    const { response } = await this.sender.handle(new HttpRequest(signed));
    this.noteClock(response);
    const answer = await text(response.body as Readable);
    this.usedAtMs = this.clock.now();
    const data: unknown = answer === '' ? {} : JSON.parse(answer);
    if (response.statusCode >= 300) throw parseRefusal(data, response.statusCode);
    return data;
  }

  private dropIdleConnection(): void {
    if (this.clock.now() - this.usedAtMs <= maxIdleMs) return;
    this.sender.destroy();
    this.sender = new NodeHttpHandler(timeouts);
  }

  private noteClock({ headers }: HttpResponse): void {
    const { date, age } = headers;
    const timeMs = Date.parse(date ?? '');
    // An answer from a cache has an age, and its date is an old one.
    if (age === undefined && !Number.isNaN(timeMs)) this.clockOffsetMs = timeMs - this.clock.now();
  }
}

function parseRefusal(data: unknown, status: number): DynamoDBRefusalError {
  const { __type: type = '', message, Message } = data as Partial<Record<string, string>>;
  return new DynamoDBRefusalError(type.slice(type.indexOf('#') + 1), message ?? Message ?? '', status);
}
