import { createCountingClient } from '../../../src/aws/dynamodb';
import { DynamoDBRefusalError } from '../../../src/aws/signed/signedCaller';

const error = new DynamoDBRefusalError('ThrottlingException', 'Too many.', 400);
const throttled = { errorType: 'THROTTLING', error } as const;

describe('A visit that is throttled', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('waits 25 ms at most, then 50 ms, and is given up: it must not hold an environment', async () => {
    const client = createCountingClient();
    const strategy = await client.config.retryStrategy();
    if (!('refreshRetryTokenForRetry' in strategy)) throw new Error('That is an older strategy.');
    const first = await strategy.acquireInitialRetryToken('visits');

    const secondAttempt = strategy.refreshRetryTokenForRetry(first, throttled);
    await jest.advanceTimersByTimeAsync(25);
    const second = await secondAttempt;
    const thirdAttempt = strategy.refreshRetryTokenForRetry(second, throttled);
    await jest.advanceTimersByTimeAsync(50);
    const third = await thirdAttempt;

    expect([second.getRetryCount(), third.getRetryCount()]).toEqual([1, 2]);
    await expect(strategy.refreshRetryTokenForRetry(third, throttled)).rejects.toThrow('often enough');
    client.destroy();
  });
});
