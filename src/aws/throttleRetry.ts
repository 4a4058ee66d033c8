import { StandardRetryStrategy } from '@smithy/core/retry';
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
 * Repeats an attempt only after a throttle, by which DynamoDB says that it wrote nothing;
 * docs/decisions/lost-replies.md says why.
 */
export class ThrottleRetryStrategy extends StandardRetryStrategy {
  constructor() {
    super({ maxAttempts, backoff: shortBackoff });
  }

  override async refreshRetryTokenForRetry(
    ...[token, errorInfo]: RetryParameters
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (errorInfo.errorType !== 'THROTTLING')
      throw new Error('Not repeated: the write may have been applied.');
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}
