import * as dynamodb from '@aws-sdk/client-dynamodb';
import { isThrottlingError, StandardRetryStrategy } from '@smithy/core/retry';
import { DynamoDBRefusalError } from '../../../../src/aws/signed/signedCaller';
import { isPutOff, ThrottleRetryStrategy } from '../../../../src/aws/signed/throttleRetry';

/** The errors that DynamoDB's client knows, and those that any service of AWS may send. */
const names = [
  ...Object.keys(dynamodb).filter((name) => /Exception$|Error$|Exceeded$/.test(name)),
  ...['BandwidthLimitExceeded', 'EC2ThrottledException', 'PriorRequestNotComplete', 'RequestThrottled'],
  ...[
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'TooManyRequestsException',
  ],
];

describe('An answer that DynamoDB wrote nothing', () => {
  it.each(names.filter((name) => name !== 'TransactionConflictException'))(
    'is told from others as the SDK tells it: %s',
    (name) => {
      const error = Object.assign(new Error(), { name });
      expect(isPutOff(error)).toBe(isThrottlingError(error as Parameters<typeof isThrottlingError>[0]));
    },
  );

  it('is also that a transaction is under way, and a status of 429', () => {
    expect(isPutOff({ name: 'TransactionConflictException' })).toBe(true);
    expect(isPutOff({ name: 'Unheard', $metadata: { httpStatusCode: 429 } })).toBe(true);
    expect(isPutOff({ name: 'Unheard', $metadata: { httpStatusCode: 400 } })).toBe(false);
  });
});

describe('Repetitions', () => {
  const error = new DynamoDBRefusalError('ThrottlingException', 'Too many.', 400);
  const throttled = { errorType: 'THROTTLING', error } as const;

  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** How many first repetitions are granted until the budget is used up, after so many successes. */
  async function countGranted(strategy: StandardRetryStrategy | ThrottleRetryStrategy, successes: number) {
    for (let count = 0; ; count++) {
      const token = await strategy.acquireInitialRetryToken('');
      const next = strategy.refreshRetryTokenForRetry(token, throttled).catch(() => undefined);
      await jest.advanceTimersByTimeAsync(2_000);
      const granted = await next;
      if (!granted) return count;
      if (count < successes) strategy.recordSuccess(granted);
    }
  }

  it.each([0, 10])('end by the budget that the SDK has, after %d successes too', async (successes) => {
    const granted = await countGranted(new ThrottleRetryStrategy(), successes);
    expect(granted).toBe(await countGranted(new StandardRetryStrategy(3), successes));
    expect(granted).toBeGreaterThan(50);
  });
});
