import { systemClock, type Clock } from '../clock';
import { Connection, type Answer } from './connection';
import { readCredentials } from '../credentials';
import { sign } from './signature';
import { isPutOff, ThrottleRetryStrategy } from './throttleRetry';
import { tableTimeouts } from '../timeouts';
import { TableUnavailableError } from '../unavailable';

/** DynamoDB's own answer that it did not do as asked. */
export class DynamoDBRefusalError extends Error {
  declare readonly cause?: Error;
  /** Where the SDK looks for the status. */
  readonly $metadata: { httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

/**
 * Calls DynamoDB without the SDK's client, which takes most of a cold start. It repeats as `createCountingClient` does;
 * docs/decisions/speed.md says what it leaves out.
 */
export class SignedCaller {
  private readonly connection: Connection;
  private readonly repetition = new ThrottleRetryStrategy();
  /** How far DynamoDB's clock is ahead of ours, by its last answer. A signature holds for five minutes. */
  private clockOffsetMs = 0;

  constructor(
    private readonly endpoint: URL,
    private readonly region: string,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {
    this.connection = new Connection(tableTimeouts, clock);
  }

  /**
   * @param input the operation's parameters, as DynamoDB's JSON has them
   * @throws TableUnavailableError when no answer came or DynamoDB cannot now, DynamoDBRefusalError for our own mistakes
   */
  async call(operation: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    let token = await this.repetition.acquireInitialRetryToken();
    for (;;) {
      try {
        const answer = await this.attempt(operation, body);
        this.repetition.recordSuccess(token);
        return answer;
      } catch (error) {
        const refusal = error instanceof DynamoDBRefusalError ? error : undefined;
        try {
          token = await this.repetition.refreshRetryTokenForRetry(token, refusal ? { error: refusal } : {});
        } catch {
          throw refusal && !isPutOff(refusal) && refusal.$metadata.httpStatusCode < 500
            ? refusal
            : new TableUnavailableError(error);
        }
      }
    }
  }

  private async attempt(operation: string, body: string): Promise<unknown> {
    const headers = {
      host: this.endpoint.host,
      'content-type': 'application/x-amz-json-1.0',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'footfall',
      'x-amz-target': `DynamoDB_20120810.${operation}`,
    };
    const time = new Date(this.clock.now() + this.clockOffsetMs);
    const signed = sign({ service: 'dynamodb', region: this.region, headers, body, time }, readCredentials());
    const { protocol, hostname, port } = this.endpoint;
    const answer = await this.connection.send({
      ...{ protocol, hostname, port, method: 'POST', path: '/' },
      headers: signed,
      body,
    });
    this.noteClock(answer);
    const text = answer.body.toString();
    const data: unknown = text === '' ? {} : JSON.parse(text);
    if (answer.status >= 300) throw parseRefusal(data, answer.status);
    return data;
  }

  private noteClock({ headers: { date, age } }: Answer): void {
    const timeMs = Date.parse(date ?? '');
    // An answer from a cache has an age, and its date is an old one.
    if (age === undefined && !Number.isNaN(timeMs)) this.clockOffsetMs = timeMs - this.clock.now();
  }
}

function parseRefusal(data: unknown, status: number): DynamoDBRefusalError {
  const { __type: type = '', message, Message } = data as Partial<Record<string, string>>;
  return new DynamoDBRefusalError(type.slice(type.indexOf('#') + 1), message ?? Message ?? '', status);
}
