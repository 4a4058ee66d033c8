/** The number of attempts, including the first. */
export const maxAttempts = 3;

/** The names of AWS's throttling errors, as the SDK lists them. A test compares the lists. */
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

/** The fields that identify the cause of a DynamoDB error. The SDK's errors and `DynamoDBRefusalError` have them. */
interface ServiceError {
  name: string;
  $metadata?: { httpStatusCode?: number };
}

/** Whether AWS refused a call because of too many requests. */
export function isThrottle({ name, $metadata }: ServiceError): boolean {
  return throttles.has(name) || $metadata?.httpStatusCode === 429;
}

/**
 * Whether a call may be repeated: DynamoDB wrote nothing, because it throttled the call or a transaction held the item. A
 * call without an answer may have been applied: docs/decisions/lost-replies.md.
 */
export function mayRepeat(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TransactionConflictException' || isThrottle(error);
}

/**
 * Repeats a call while `mayRepeat` allows it, up to `maxAttempts`. It waits up to 25 ms, then up to 50 ms.
 * With the SDK's waits of 1 s and 2 s, the refused visits of one busy tag would occupy every environment of the account
 * and block all other tags: docs/decisions/hot-tag.md.
 */
export async function repeatThrottled<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === maxAttempts || !mayRepeat(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 25 * attempt));
    }
  }
}
