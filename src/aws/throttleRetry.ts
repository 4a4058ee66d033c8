import { isThrottlingError, StandardRetryStrategy } from '@smithy/core/retry';
import { maxAttempts } from './timeouts';

type RetryParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;

/**
 * Up to 25 ms, then up to 50 ms, by chance. The SDK's own would be 1 s and 2 s: time enough for the refused visits of one
 * hot tag to hold every environment that the account may have, and so to keep out visits of all the others. See
 * docs/decisions/hot-tag.md.
 */
const shortBackoff = {
  setDelayBase: () => undefined,
  computeNextBackoffDelay: (attempt: number) => Math.random() * 25 * 2 ** attempt,
};

/**
 * Whether DynamoDB says that it wrote nothing now and may later: after a throttle, or while a transaction, such as an
 * administrator's change of a tag, is under way on the item.
 * @param error by the name that DynamoDB gave it
 */
export function isPutOff(error: { name: string }): boolean {
  return (
    error.name === 'TransactionConflictException' ||
    isThrottlingError(error as Parameters<typeof isThrottlingError>[0])
  );
}

/**
 * Repeats an attempt only where DynamoDB says that it wrote nothing;
 * docs/decisions/lost-replies.md says why.
 */
export class ThrottleRetryStrategy extends StandardRetryStrategy {
  constructor() {
    super({ maxAttempts, backoff: shortBackoff });
  }

  override async refreshRetryTokenForRetry(
    ...[token, errorInfo]: RetryParameters
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (!errorInfo.error || !isPutOff(errorInfo.error))
      throw new Error('Not repeated: the write may have been applied.');
    return super.refreshRetryTokenForRetry(token, { ...errorInfo, errorType: 'THROTTLING' });
  }
}
