import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { hashText } from './secretIds';
import { TooManyAttemptsError } from './signInErrors';

/** Attempts are counted in spans of the clock; a span's counters end with it. */
export const windowSeconds = 15 * 60;

/** Of one source address, over all accounts: an office behind one address, and not a list of passwords. */
export const maxAttemptsOfAddress = 50;

/** Of one account from one source address. */
export const maxAttemptsOfPair = 10;

/** Of one account from wherever; beyond it each address has few attempts left, but never none. */
export const maxAttemptsOfAccount = 40;
export const maxAttemptsOfPairUnderAttack = 3;

/** What an attempt is counted under. */
interface Counters {
  address: string;
  pair: string;
  account: string;
}

/** An attempt that was let through. */
export interface Attempt {
  keys: string[];
  span: number;
}

/**
 * The attempts' part of the sessions' table: `{session-id: "attempts#<span>#<hash>", count, expires}`. Counted before
 * the password is tried, by one atomic write each, so that attempts at once cannot slip through together.
 * docs/decisions/sign-in.md says what this does to an account's owner.
 */
export class SignInAttempts {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Counts an attempt.
   * @throws TooManyAttemptsError, TableUnavailableError
   */
  async begin(account: string, address: string, nowMs: number): Promise<Attempt> {
    const span = Math.floor(nowMs / 1_000 / windowSeconds);
    const keys = nameCounters(account, address, span);
    const [ofAddress, ofPair] = await Promise.all([
      this.add(keys.address, 1, span),
      this.add(keys.pair, 1, span),
    ]);
    const retryAfterSeconds = Math.ceil((span + 1) * windowSeconds - nowMs / 1_000);
    // What is refused here does not count against the account: one address alone cannot bring it under attack.
    if (ofAddress > maxAttemptsOfAddress || ofPair > maxAttemptsOfPair) {
      throw new TooManyAttemptsError(retryAfterSeconds);
    }
    const ofAccount = await this.add(keys.account, 1, span);
    if (ofAccount > maxAttemptsOfAccount && ofPair > maxAttemptsOfPairUnderAttack) {
      throw new TooManyAttemptsError(retryAfterSeconds);
    }
    return { keys: [keys.address, keys.pair, keys.account], span };
  }

  /** Takes an attempt back that was none at guessing. @throws TableUnavailableError */
  async takeBack({ keys, span }: Attempt): Promise<void> {
    await Promise.all(keys.map((key) => this.add(key, -1, span)));
  }

  private async add(key: string, change: number, span: number): Promise<number> {
    const { Attributes } = await callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: marshall({ 'session-id': key }),
          UpdateExpression: 'ADD #count :change SET #expires = :expires',
          ExpressionAttributeNames: { '#count': 'count', '#expires': 'expires' },
          ExpressionAttributeValues: marshall({ ':change': change, ':expires': (span + 1) * windowSeconds }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return Number(Attributes?.count?.N);
  }
}

function nameCounters(account: string, address: string, span: number): Counters {
  // Cognito takes an address in any case.
  const [who, from] = [account.trim().toLowerCase(), networkOf(address)];
  const name = (...parts: string[]) => `attempts#${span}#${hashText(parts.join('\n'))}`;
  return { address: name('address', from), pair: name('pair', who, from), account: name('account', who) };
}

/** Of IPv6 the first half: the rest is for one customer to choose, a new one for each attempt if they like. */
function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.toLowerCase().split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail ? tail.split(':') : [];
  if (tail !== undefined)
    groups.push(...Array<string>(Math.max(0, 8 - groups.length - rest.length)).fill('0'), ...rest);
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
