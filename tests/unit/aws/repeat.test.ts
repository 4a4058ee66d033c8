import * as dynamodb from '@aws-sdk/client-dynamodb';
import { isThrottlingError } from '@smithy/core/retry';
import { isThrottle, mayRepeat, repeatThrottled } from '../../../src/aws/repeat';
import { DynamoDBRefusalError } from '../../../src/aws/signed/signedCaller';

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
const throttled = new DynamoDBRefusalError('ThrottlingException', 'Too many.', 400);

describe('A throttle', () => {
  it.each(names)('is recognized by the same names as in the SDK: %s', (name) => {
    const error = Object.assign(new Error(), { name });
    expect(isThrottle(error)).toBe(isThrottlingError(error as Parameters<typeof isThrottlingError>[0]));
  });

  it('is also recognized by the status 429', () => {
    expect(isThrottle({ name: 'Unheard', $metadata: { httpStatusCode: 429 } })).toBe(true);
    expect(isThrottle({ name: 'Unheard', $metadata: { httpStatusCode: 400 } })).toBe(false);
  });
});

describe('A call may be repeated', () => {
  it.each([
    ['after a throttle', throttled, true],
    ['during a transaction', Object.assign(new Error(), { name: 'TransactionConflictException' }), true],
    ['but not without an answer', new Error('socket hang up'), false],
    ['but not after an error that is not an Error', 'ThrottlingException', false],
  ])('%s', (_name, error, expected) => {
    expect(mayRepeat(error)).toBe(expected);
  });
});

describe('A call that is throttled', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Math, 'random').mockReturnValue(0.999);
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it('waits at most 25 ms, then 50 ms, and fails: it must not hold its environment', async () => {
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

  it('succeeds at once when a repeated attempt does', async () => {
    let attempts = 0;
    const call = repeatThrottled(() => {
      attempts += 1;
      return attempts === 1 ? Promise.reject(throttled) : Promise.resolve('done');
    });
    await jest.advanceTimersByTimeAsync(25);
    expect([await call, attempts]).toEqual(['done', 2]);
  });

  it('is made once if it fails for another reason', async () => {
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
