import type { HttpHandler, HttpRequest } from '@smithy/core/protocols';
import { Connection } from './signed/connection';
import type { Timeouts } from './timeouts';

/**
 * Sends what a client of the SDK has signed. It serves DynamoDB and Cognito, which take `POST` with JSON and no query, and
 * hands answers over whole. It has its own times, and ends no call for an `abortSignal`.
 */
export class RequestHandler implements HttpHandler {
  private readonly connection: Connection;

  constructor(timeouts: Timeouts) {
    this.connection = new Connection(timeouts);
  }

  async handle({ protocol, hostname, port, path, headers, body }: HttpRequest) {
    const target = { protocol, hostname, port, method: 'POST', path } as const;
    const answer = await this.connection.send({ ...target, headers, body: body as string });
    const response = {
      statusCode: answer.status,
      headers: answer.headers as Record<string, string>,
      body: answer.body,
    };
    return { response };
  }

  destroy(): void {
    this.connection.close();
  }

  /** Clients have no settings of their own for it. */
  httpHandlerConfigs() {
    return {};
  }

  updateHttpClientConfig(): void {
    // nothing to set
  }
}
