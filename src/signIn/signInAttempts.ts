import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readInteger } from '../tables/attributes';
import { sessionKeys, type SessionKey } from '../tables/keys';
import { hashText } from './secretIds';
import { TooManyAttemptsError } from './signInErrors';

/** Attempts are counted in fixed windows of this length. */
export const windowSeconds = 15 * 60;

/** From one address to all accounts: enough for an office behind one address, too few for a list of passwords. */
export const maxAttemptsOfAddress = 50;

/** From one address to one account. */
export const maxAttemptsOfPair = 10;

/** To one account from all addresses. Beyond it, each address keeps a few attempts, so nobody can lock an owner out. */
export const maxAttemptsOfAccount = 40;
export const maxAttemptsOfPairUnderAttack = 3;

/** The keys of an attempt's counters. */
interface Counters {
  address: SessionKey;
  pair: SessionKey;
  account: SessionKey;
}

/** An attempt within the limits. */
export interface Attempt {
  keys: SessionKey[];
  window: number;
}

/**
 * Counts sign-in attempts: `{session-id: "attempts#<window>#<hash>", count, expires}` in SessionsTable. Each counter is
 * increased with one atomic write before the password is tried, so parallel attempts cannot pass together.
 * docs/decisions/sign-in.md explains the effect on an account's owner.
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
    const window = Math.floor(nowMs / 1_000 / windowSeconds);
    const keys = counterKeys(account, address, window);
    const [ofAddress, ofPair] = await Promise.all([
      this.add(keys.address, 1, window),
      this.add(keys.pair, 1, window),
    ]);
    const retryAfterSeconds = Math.ceil((window + 1) * windowSeconds - nowMs / 1_000);
    // Attempts refused here do not count for the account, so a single address cannot use up the account's limit.
    if (ofAddress > maxAttemptsOfAddress || ofPair > maxAttemptsOfPair) {
      throw new TooManyAttemptsError(retryAfterSeconds);
    }
    const ofAccount = await this.add(keys.account, 1, window);
    if (ofAccount > maxAttemptsOfAccount && ofPair > maxAttemptsOfPairUnderAttack) {
      throw new TooManyAttemptsError(retryAfterSeconds);
    }
    return { keys: [keys.address, keys.pair, keys.account], window };
  }

  /** Takes an attempt back: its password was right. @throws TableUnavailableError */
  async takeBack({ keys, window }: Attempt): Promise<void> {
    await Promise.all(keys.map((key) => this.add(key, -1, window)));
  }

  private async add(Key: SessionKey, change: number, window: number): Promise<number> {
    const { Attributes = {} } = await callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key,
          UpdateExpression: 'ADD #count :change SET #expires = :expires',
          ExpressionAttributeNames: { '#count': 'count', '#expires': 'expires' },
          ExpressionAttributeValues: marshall({
            ':change': change,
            ':expires': (window + 1) * windowSeconds,
          }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return readInteger(Attributes, 'count');
  }
}

function counterKeys(account: string, address: string, window: number): Counters {
  // Cognito ignores the case of an email address.
  const [email, network] = [account.trim().toLowerCase(), networkOf(address)];
  const key = (...parts: string[]) => sessionKeys.attempts(window, hashText(parts.join('\n')));
  return {
    address: key('address', network),
    pair: key('pair', email, network),
    account: key('account', email),
  };
}

/** Returns an IPv4 address unchanged and the /64 of an IPv6 address, because one customer controls the rest. */
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
