import { isThrottlingError, StandardRetryStrategy } from '@smithy/core/retry';

type RetryParameters = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>;

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
  override async refreshRetryTokenForRetry(
    ...[token, errorInfo]: RetryParameters
  ): ReturnType<StandardRetryStrategy['refreshRetryTokenForRetry']> {
    if (!errorInfo.error || !isPutOff(errorInfo.error))
      throw new Error('Not repeated: the write may have been applied.');
    return super.refreshRetryTokenForRetry(token, { ...errorInfo, errorType: 'THROTTLING' });
  }
}
