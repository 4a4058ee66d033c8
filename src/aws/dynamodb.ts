import {
  DynamoDBClient,
  DynamoDBServiceException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { provideCredentials } from './credentials';
import { RequestHandler } from './requestHandler';
import { RequestSigner } from './requestSigner';
import { isPutOff, ThrottleRetryStrategy } from './signed/throttleRetry';
import { maxAttempts, tableTimeouts } from './timeouts';
import { TableUnavailableError } from './unavailable';

/** Steps of each call that only cost here: there is no logger, and nothing that DynamoDB calls comes back to us. */
const unusedMiddlewares = ['loggerMiddleware', 'recursionDetectionMiddleware'];

/**
 * The client for calls that may be repeated without harm: reads, and writes that hold
 * only under a condition. Endpoint, region and credentials come from the standard `AWS_*` variables alone.
 */
export function createClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    maxAttempts,
    requestHandler: new RequestHandler(tableTimeouts),
    signer: new RequestSigner('dynamodb'),
    cacheMiddleware: true,
    credentials: provideCredentials,
    ...overrides,
  });
  for (const name of unusedMiddlewares) client.middlewareStack.remove(name);
  return client;
}

/**
 * The client for writes that must not be applied twice. It repeats an attempt only where
 * DynamoDB says that it wrote nothing; docs/decisions/lost-replies.md says why.
 */
export function createCountingClient(): DynamoDBClient {
  return createClient({ retryStrategy: new ThrottleRetryStrategy() });
}

/**
 * A client for what must not keep anybody waiting: Cognito gives a trigger five seconds, with the time that loading
 * the function takes.
 */
export function createHastyClient(): DynamoDBClient {
  return createClient({
    maxAttempts: 2,
    requestHandler: new RequestHandler({ connectionMs: 1_000, answerMs: 1_500 }),
  });
}

/**
 * Calls DynamoDB and tells a table that is away, slow or throttling from a mistake of ours.
 * @throws TableUnavailableError, or what the call threw
 */
export async function callTable<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    throw isUnavailable(error) ? new TableUnavailableError(error) : error;
  }
}

function isUnavailable(error: unknown): boolean {
  // What is no verdict of DynamoDB's came from the way there or back: refused, reset, timed out, cut short.
  if (!(error instanceof DynamoDBServiceException)) return true;
  return error.$fault === 'server' || isPutOff(error);
}
