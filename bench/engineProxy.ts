import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { serve } from '../tests/support/serve';

export interface EngineAnswer {
  status: number;
  body: string;
}

/**
 * Answers one call of DynamoDB's API.
 * @param operation such as `UpdateItem`
 * @param forward sends an input to the engine
 */
type AnswerCall = (
  operation: string,
  input: object,
  forward: (input: object) => Promise<EngineAnswer>,
) => Promise<EngineAnswer>;

/** Starts a server between functions and the engine, so that functions run unchanged. @returns its address */
export async function startEngineProxy(engineEndpoint: string, answerCall: AnswerCall): Promise<string> {
  const answer = async (request: IncomingMessage) => {
    const input = JSON.parse((await text(request)) || '{}') as object;
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => /^(x-amz|authorization|content-type)/.test(name)),
    ) as Record<string, string>;
    return answerCall(operation, input, async (forwarded) => {
      const response = await fetch(engineEndpoint, {
        method: 'POST',
        headers,
        body: JSON.stringify(forwarded),
      });
      return { status: response.status, body: await response.text() };
    });
  };
  const port = await serve((request, response) => {
    answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(body);
      },
      () => response.destroy(),
    );
  });
  return `http://127.0.0.1:${port}`;
}
