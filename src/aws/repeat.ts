/** The first attempt and its repetitions. */
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

/** The part of an error of DynamoDB that tells how it failed; the SDK's errors have it, and `DynamoDBRefusalError`. */
interface ServiceError {
  name: string;
  $metadata?: { httpStatusCode?: number };
}

/** Whether AWS refused a call because of too many requests. */
export function isThrottle({ name, $metadata }: ServiceError): boolean {
  return throttles.has(name) || $metadata?.httpStatusCode === 429;
}

/**
 * Whether DynamoDB refused a call without writing, and a repeated call may succeed: after a throttle, or during a
 * transaction on the same item. A call without an answer may have been applied: docs/decisions/lost-replies.md.
 */
export function mayRepeat(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'TransactionConflictException' || isThrottle(error);
}

/**
 * Repeats a call while `mayRepeat` allows it, up to `maxAttempts`. It waits up to 25 ms, then up to 50 ms. The SDK's 1 s
 * and 2 s would let the refused visits of one busy tag hold every environment of the account, and so block the visits of
 * all other tags: docs/decisions/hot-tag.md.
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
