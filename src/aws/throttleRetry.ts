import { StandardRetryStrategy } from '@smithy/core/retry';

type RetryParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;

/**
 * Repeats an attempt only after a throttle, by which DynamoDB says that it wrote nothing;
 * docs/decisions/lost-replies.md says why.
 */
export class ThrottleRetryStrategy extends StandardRetryStrategy {
  override async refreshRetryTokenForRetry(
    ...[token, errorInfo]: RetryParameters
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (errorInfo.errorType !== 'THROTTLING')
      throw new Error('Not repeated: the write may have been applied.');
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}
