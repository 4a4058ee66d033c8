import { TableUnavailableError } from '../../errors/unavailableErrors';
import { systemClock, type Clock } from '../clock';
import { readCredentials } from '../credentials';
import { requireVariable } from '../environment';
import { mayRepeat, repeatThrottled } from '../repeat';
import { tableTimeouts } from '../timeouts';
import { Connection, type Answer } from './connection';
import { resolveEndpoint } from './endpoint';
import { sign } from './signature';

/** An error answer of DynamoDB, in the shape of the SDK's errors. */
export class DynamoDBRefusalError extends Error {
  readonly $metadata: { httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

/**
 * Calls DynamoDB without the SDK's client, which takes most of a cold start. It repeats calls as `writeOnce` does.
 * docs/decisions/speed.md lists the features of the SDK that it leaves out.
 */
export class SignedCaller {
  private readonly connection: Connection;
  /** DynamoDB's clock minus ours, as of its last answer. A signature is valid for five minutes. */
  private clockOffsetMs = 0;

  constructor(
    private readonly endpoint: URL,
    private readonly region: string,
    private readonly clock: Pick<Clock, 'now'> = systemClock,
  ) {
    this.connection = new Connection(tableTimeouts, clock);
  }

  /**
   * @param input the operation's parameters in DynamoDB's JSON
   * @throws TableUnavailableError when DynamoDB did not answer, failed or throttled; DynamoDBRefusalError otherwise
   */
  async call(operation: string, input: object): Promise<unknown> {
    const body = JSON.stringify(input);
    try {
      return await repeatThrottled(() => this.attempt(operation, body));
    } catch (error) {
      const isRefusal = error instanceof DynamoDBRefusalError && error.$metadata.httpStatusCode < 500;
      throw isRefusal && !mayRepeat(error) ? error : new TableUnavailableError(error);
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
    this.adjustClock(answer);
    const text = answer.body.toString();
    const data: unknown = text === '' ? {} : JSON.parse(text);
    if (answer.status >= 300) throw parseRefusal(data, answer.status);
    return data;
  }

  private adjustClock({ headers: { date, age } }: Answer): void {
    const timeMs = Date.parse(date ?? '');
    // An answer with an age comes from a cache, with the date at which it was stored.
    if (age === undefined && !Number.isNaN(timeMs)) this.clockOffsetMs = timeMs - this.clock.now();
  }
}

/** A caller with the region and endpoint of the function's environment. @throws MissingVariableError */
export function createSignedCaller(): SignedCaller {
  return new SignedCaller(resolveEndpoint(process.env), requireVariable('AWS_REGION'));
}

function parseRefusal(data: unknown, status: number): DynamoDBRefusalError {
  const { __type: type = '', message, Message } = data as Partial<Record<string, string>>;
  return new DynamoDBRefusalError(type.slice(type.indexOf('#') + 1), message ?? Message ?? '', status);
}
