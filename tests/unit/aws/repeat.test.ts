import * as dynamodb from '@aws-sdk/client-dynamodb';
import { isThrottlingError } from '@smithy/core/retry';
import { isThrottle, mayRepeat, repeatThrottled } from '../../../src/aws/repeat';
import { DynamoDBRefusalError } from '../../../src/aws/signed/signedCaller';

/** The errors that DynamoDB's client declares, and those that any AWS service may send. */
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
const throttled = new DynamoDBRefusalError('ThrottlingException', 'Too many.', 400);

describe('A throttle', () => {
  it.each(names)('is recognized by the same error names as in the SDK: %s', (name) => {
    const error = Object.assign(new Error(), { name });
    expect(isThrottle(error)).toBe(isThrottlingError(error as Parameters<typeof isThrottlingError>[0]));
  });

  it('is also recognized by status 429', () => {
    expect(isThrottle({ name: 'Unheard', $metadata: { httpStatusCode: 429 } })).toBe(true);
    expect(isThrottle({ name: 'Unheard', $metadata: { httpStatusCode: 400 } })).toBe(false);
  });
});

describe('A call', () => {
  it.each([
    ['may be repeated after a throttle', throttled, true],
    [
      'may be repeated after a transaction conflict',
      Object.assign(new Error(), { name: 'TransactionConflictException' }),
      true,
    ],
    ['may not be repeated when it got no answer', new Error('socket hang up'), false],
    ['may not be repeated after a thrown value that is not an Error', 'ThrottlingException', false],
  ])('%s', (_name, error, expected) => {
    expect(mayRepeat(error)).toBe(expected);
  });
});

describe('A call that is retried on throttling', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('waits at most 25 ms, then 50 ms, and then fails, so that its environment is free again', async () => {
    const attempts: number[] = [];
    const call = repeatThrottled(() => {
      attempts.push(Date.now());
      return Promise.reject(throttled);
    });
    const failure = call.catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(75);
    expect(await failure).toBe(throttled);
    const [first = 0, second = 0, third = 0] = attempts;
    expect(attempts).toHaveLength(3);
    expect([second - first, third - second]).toEqual([24, 49]);
  });

  it('succeeds as soon as a retry succeeds', async () => {
    let attempts = 0;
    const call = repeatThrottled(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(throttled) : Promise.resolve('done');
    });
    await jest.advanceTimersByTimeAsync(25);
    expect([await call, attempts]).toEqual(['done', 2]);
  });

  it('runs once when it fails for another reason', async () => {
    let attempts = 0;
    const reset = new Error('socket hang up');
    const call = repeatThrottled(() => {
      attempts += 1;
      return Promise.reject(reset);
    });
    await expect(call).rejects.toBe(reset);
    expect(attempts).toBe(1);
  });
});
