import {
  maxAttemptsOfAccount,
  maxAttemptsOfAddress,
  maxAttemptsOfPair,
  maxAttemptsOfPairUnderAttack,
  SignInAttempts,
  windowSeconds,
} from '../../src/signIn/signInAttempts';
import { TooManyAttemptsError } from '../../src/signIn/signInErrors';
import { endAll } from '../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../support/engine';

let engine: TestEngine;
let attempts: SignInAttempts;
/** One minute after the beginning of a quarter of an hour. */
const nowMs = windowSeconds * 1_000 * 2_000_000 + 60_000;

beforeAll(async () => {
  engine = await startTestEngine();
  attempts = new SignInAttempts(engine.client, 'SessionsTable');
});

afterAll(endAll);

/** Makes attempts one after the other. @returns how many were allowed */
async function tryTimes(times: number, account: string, address: string, atMs = nowMs): Promise<number> {
  let passed = 0;
  for (let attempt = 0; attempt < times; attempt++) {
    try {
      await attempts.begin(account, address, atMs);
      passed += 1;
    } catch (error) {
      if (!(error instanceof TooManyAttemptsError)) throw error;
    }
  }
  return passed;
}

describe('Sign-in attempts', () => {
  it('are limited for one account from one address until the next quarter of an hour', async () => {
    expect(await tryTimes(maxAttemptsOfPair + 5, 'ann', '198.51.100.1')).toBe(maxAttemptsOfPair);
    await expect(attempts.begin('ann', '198.51.100.1', nowMs)).rejects.toMatchObject({
      retryAfterSeconds: windowSeconds - 60,
      message: 'Too many attempts. Try again in 14 minutes.',
    });
    expect(await tryTimes(1, 'ann', '198.51.100.1', nowMs + (windowSeconds - 61) * 1_000)).toBe(0);
    expect(await tryTimes(1, 'ann', '198.51.100.1', nowMs + (windowSeconds - 60) * 1_000)).toBe(1);
  });

  it('stay within the limit when they are simultaneous', async () => {
    const all = Array.from({ length: 30 }, () => tryTimes(1, 'at-once', '198.51.100.2'));
    expect((await Promise.all(all)).filter((passed) => passed === 1)).toHaveLength(maxAttemptsOfPair);
  });

  it('are limited for one address across all accounts', async () => {
    let passed = 0;
    for (let index = 0; index < maxAttemptsOfAddress + 5; index++) {
      passed += await tryTimes(1, `account-${index}`, '198.51.100.3');
    }
    expect(passed).toBe(maxAttemptsOfAddress);
  });

  it('by many strangers always leave the owner some attempts from another address', async () => {
    for (let index = 0; index < 12; index++) await tryTimes(15, 'boss', `203.0.113.${index}`);
    expect(await tryTimes(10, 'boss', '192.0.2.1')).toBe(maxAttemptsOfPairUnderAttack);
    // They do not limit another account.
    expect(await tryTimes(10, 'ann', '192.0.2.1')).toBe(10);
  });

  it('from a single address do not mark an account as under attack', async () => {
    await tryTimes(maxAttemptsOfAccount + 20, 'calm', '203.0.113.50');
    expect(await tryTimes(maxAttemptsOfPair, 'calm', '192.0.2.2')).toBe(maxAttemptsOfPair);
  });

  it('ignore the letter case of the account and count an IPv6 /64 as one address', async () => {
    const spellings = ['Eve@Example.com', 'eve@example.com', ' EVE@EXAMPLE.COM'];
    const addresses = ['2001:db8::1', '2001:db8:0:0:ffff::9', '2001:0DB8:0000:0000:1:2:3:4'];
    let passed = 0;
    for (let index = 0; index < 15; index++) {
      passed += await tryTimes(1, spellings[index % 3] ?? '', addresses[index % 3] ?? '');
    }
    expect(passed).toBe(maxAttemptsOfPair);
    expect(await tryTimes(1, 'eve@example.com', '2001:db8:0:1::1')).toBe(1);
    expect(await tryTimes(1, 'eve@example.com', '::1')).toBe(1);
  });

  it('that succeed do not count', async () => {
    for (let index = 0; index < 3 * maxAttemptsOfPair; index++) {
      await attempts.takeBack(await attempts.begin('right', '192.0.2.3', nowMs));
    }
    expect(await tryTimes(1, 'right', '192.0.2.3')).toBe(1);
  });

  it('are stored without names or addresses, and expire', async () => {
    await attempts.begin('someone@example.com', '192.0.2.77', nowMs);
    const items = await readItems(engine.client, 'SessionsTable', 'session-id');
    expect(JSON.stringify(items)).not.toMatch(/someone|192\.0\.2\.77/);
    for (const [key, item] of Object.entries(items)) {
      expect(key).toMatch(/^attempts#\d+#[\da-f]{64}$/);
      expect(item).toEqual({ count: expect.any(Number) as number, expires: expect.any(Number) as number });
      expect((Number(item.expires) * 1_000 - nowMs) / 1_000).toBeLessThanOrEqual(2 * windowSeconds);
    }
  });
});
