import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { maxAttempts } from '../timeouts';

/** What the SDK's client takes for its retries, in its present form. */
type RetryStrategy = Extract<
  Exclude<DynamoDBClientConfig['retryStrategy'], undefined>,
  { acquireInitialRetryToken: unknown }
>;
interface RetryToken extends Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>> {
  /** Of the budget; nothing for a first attempt. */
  getRetryCost(): number | undefined;
}

/** By which AWS's services say that it is too much now. The SDK's list; a test compares them. */
const throttles = new Set([
  'BandwidthLimitExceeded',
  'EC2ThrottledException',
  'LimitExceededException',
  'PriorRequestNotComplete',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  'TransactionInProgressException',
]);

/**
 * Whether DynamoDB says that it wrote nothing now and may later: after a throttle, or while a transaction, such as an
 * administrator's change of a tag, is under way on the item.
 * @param error by the name that DynamoDB gave it
 */
export function isPutOff(error: { name: string; $metadata?: { httpStatusCode?: number } }): boolean {
  return (
    error.name === 'TransactionConflictException' ||
    throttles.has(error.name) ||
    error.$metadata?.httpStatusCode === 429
  );
}

/** A process stops repeating when many attempts fail: the SDK's own budget, and what one repetition takes of it. */
const fullBudget = 500;
const costOfRepetition = 5;

/**
 * Repeats an attempt only where DynamoDB says that it wrote nothing; docs/decisions/lost-replies.md says why. Of the SDK's
 * own strategy it has the budget. It pauses up to 25 ms, then up to 50 ms, by chance; the SDK's 1 s and 2 s would be time
 * enough for the refused visits of one hot tag to hold every environment that the account may have, and so to keep out
 * visits of all the others (docs/decisions/hot-tag.md).
 */
export class ThrottleRetryStrategy implements RetryStrategy {
  private budget = fullBudget;

  acquireInitialRetryToken(): Promise<RetryToken> {
    return Promise.resolve(tokenFor(0));
  }

  /** @throws Error when the attempt is not to be repeated */
  async refreshRetryTokenForRetry(
    token: RetryToken,
    { error }: { error?: Parameters<typeof isPutOff>[0] },
  ): Promise<RetryToken> {
    const repetitions = token.getRetryCount();
    if (!error || !isPutOff(error)) throw new Error('Not repeated: the write may have been applied.');
    if (repetitions + 1 >= maxAttempts) throw new Error('Not repeated: it was tried often enough.');
    if (this.budget < costOfRepetition) throw new Error('Not repeated: too much fails.');
    this.budget -= costOfRepetition;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * 2 ** repetitions));
    return tokenFor(repetitions + 1);
  }

  recordSuccess(token: RetryToken): void {
    this.budget = Math.min(fullBudget, this.budget + (token.getRetryCost() ?? 1));
  }
}

/** The pause is over by the time that one is given out. */
function tokenFor(repetitions: number): RetryToken {
  return {
    getRetryCount: () => repetitions,
    getRetryDelay: () => 0,
    getRetryCost: () => (repetitions === 0 ? undefined : costOfRepetition),
  };
}
