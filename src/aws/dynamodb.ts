import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  DynamoDBServiceException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { TableUnavailableError } from '../errors/unavailableErrors';
import { provideCredentials } from './credentials';
import { mayRepeat, maxAttempts, repeatThrottled } from './repeat';
import { RequestHandler } from './requestHandler';
import { tableTimeouts } from './timeouts';

declare const writeOnceBrand: unique symbol;

/** A client that never repeats a call by itself; `writeOnce` needs one. */
export type WriteOnceClient = DynamoDBClient & { readonly [writeOnceBrand]: true };

/**
 * The client for calls that may be repeated without harm: reads, and writes under a condition. Region and endpoint come
 * from the `AWS_*` variables. A function opens one client, so it has one connection pool.
 */
export function createDynamoDBClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts,
    requestHandler: new RequestHandler(tableTimeouts),
    credentials: provideCredentials,
    cacheMiddleware: true,
    ...overrides,
  });
}

/**
 * The client for writes that must not be applied twice.
 * @param client shares its connection pool
 */
export function createWriteOnceClient({ config }: DynamoDBClient): WriteOnceClient {
  const client = createDynamoDBClient({ maxAttempts: 1, requestHandler: config.requestHandler });
  return client as WriteOnceClient;
}

/** The client for a Cognito trigger, which must answer within five seconds, including its cold start. */
export function createTriggerClient(): DynamoDBClient {
  const requestHandler = new RequestHandler({ connectionMs: 1_000, answerMs: 1_500 });
  return createDynamoDBClient({ maxAttempts: 2, requestHandler });
}

/**
 * Calls DynamoDB.
 * @throws TableUnavailableError when DynamoDB did not answer, failed or throttled; otherwise what the call threw
 */
export async function callTable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw isUnavailable(error) ? new TableUnavailableError(error) : error;
  }
}

/**
 * Calls DynamoDB for a write that must not be applied twice: repeats it only if nothing was written.
 * @throws TableUnavailableError, and then the write may have been applied; otherwise what the call threw
 */
export function writeOnce<Answer>(
  client: WriteOnceClient,
  call: (client: WriteOnceClient) => Promise<Answer>,
): Promise<Answer> {
  return callTable(() => repeatThrottled(() => call(client)));
}

/** Makes a conditional write. @returns undefined if the condition did not hold */
export async function unlessConditionFails<Answer>(write: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}

function isUnavailable(error: unknown): boolean {
  // Any error that DynamoDB did not send is a transport failure: refused, reset, timed out, cut short.
  if (!(error instanceof DynamoDBServiceException)) return true;
  return error.$fault === 'server' || mayRepeat(error);
}
