import {
  DynamoDBClient,
  DynamoDBServiceException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { isThrottlingError, StandardRetryStrategy } from '@smithy/core/retry';

/** How long one attempt may take. DynamoDB answers in a few milliseconds; these only end what hangs. */
const connectionTimeoutMs = 1_000;
const requestTimeoutMs = 2_000;

/**
 * The one client of a process for calls that may be repeated without harm: reads, and writes that hold
 * only under a condition. Endpoint, region and credentials come from the standard `AWS_*` variables.
 */
export function createClient(overrides: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
    ...overrides,
  });
}

/**
 * The client for writes that must not be applied twice. It repeats an attempt only after a throttle, by
 * which DynamoDB says that it wrote nothing; docs/decisions/lost-replies.md says why.
 */
export function createCountingClient(): DynamoDBClient {
  return createClient({
    retryStrategy: new ThrottleRetryStrategy({ maxAttempts: 3, backoff: shortBackoff }),
  });
}

/**
 * Up to 25 ms, then up to 50 ms, by chance. The SDK's own would be 1 s and 2 s: time enough for the refused visits of one
 * hot tag to hold every environment that the account may have, and so to keep out visits of all the others. See
 * docs/decisions/hot-tag.md.
 */
const shortBackoff = {
  setDelayBase: () => undefined,
  computeNextBackoffDelay: (attempt: number) => Math.random() * 25 * 2 ** attempt,
};

type RetryParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;

class ThrottleRetryStrategy extends StandardRetryStrategy {
  override async refreshRetryTokenForRetry(
    ...[token, errorInfo]: RetryParameters
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (errorInfo.errorType !== 'THROTTLING')
      throw new Error('Not repeated: the write may have been applied.');
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}

/**
 * A client for what must not keep anybody waiting: Cognito gives a trigger five seconds, with the time that loading
 * the function takes.
 */
export function createHastyClient(): DynamoDBClient {
  return createClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
  });
}

/** The table did not answer, or said that it cannot now. The cause is for the log alone. */
export class TableUnavailableError extends Error {
  constructor(cause: unknown) {
    super('The table is not available now.', { cause });
  }
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
  return error.$fault === 'server' || isThrottlingError(error as Parameters<typeof isThrottlingError>[0]);
}
