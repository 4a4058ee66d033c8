import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable, unlessConditionFails } from '../aws/dynamodb';
import { readInteger, readText, type Item } from '../tables/attributes';
import { createSecretId, secretKey } from './secretIds';
import type { Tokens } from './userPool';

/** The longest life of a session: that of its refresh token. */
export const signInSessionSeconds = 30 * 24 * 60 * 60;

/** How long a session lasts unused: from Friday to Monday morning. */
const idleSeconds = 3 * 24 * 60 * 60;

/** A session's end moves in steps of at least this length: one write an hour instead of one a request. */
const leastMoveSeconds = 60 * 60;

/** A session, as SessionsTable holds it. */
export interface SignInSession extends Tokens {
  /** In seconds since 1970, like `expires`. */
  startedAt: number;
  expires: number;
}

/**
 * Sign-in sessions: `{session-id: "sign-in#<hash>", idToken, refreshToken, startedAt, expires}` in SessionsTable.
 * Each write may be repeated without harm.
 */
export class SignInSessions {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Starts a session under a new random id.
   * @returns the id, for the browser's cookie only
   * @throws TableUnavailableError
   */
  async begin({ idToken, refreshToken }: Tokens, nowMs: number): Promise<string> {
    const id = createSecretId('s');
    const startedAt = Math.floor(nowMs / 1_000);
    const session: SignInSession = { idToken, refreshToken, startedAt, expires: startedAt + idleSeconds };
    await callTable(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: { ...secretKey('s', id), ...marshall(session) },
        }),
      ),
    );
    return id;
  }

  /**
   * Finds a session and restarts its idle time.
   * @returns undefined if it does not exist or has expired; TTL may take days to remove it
   * @throws TableUnavailableError
   */
  async find(id: string, nowMs: number): Promise<SignInSession | undefined> {
    const { Item } = await callTable(() =>
      this.client.send(
        new GetItemCommand({ TableName: this.tableName, Key: secretKey('s', id), ConsistentRead: true }),
      ),
    );
    const now = Math.floor(nowMs / 1_000);
    // An item without an end is an expired session.
    if (!Item || readInteger(Item, 'expires', 0) <= now) return undefined;
    const session = readSession(Item);
    const expires = Math.min(now + idleSeconds, session.startedAt + signInSessionSeconds);
    if (expires - session.expires < leastMoveSeconds) return session;
    return (await this.set(id, 'expires', expires)) ? { ...session, expires } : undefined;
  }

  /** Replaces the id token. @returns false if the session has ended meanwhile */
  replaceIdToken(id: string, idToken: string): Promise<boolean> {
    return this.set(id, 'idToken', idToken);
  }

  /**
   * Ends a session.
   * @returns its refresh token, for the caller to revoke
   * @throws TableUnavailableError
   */
  async end(id: string): Promise<string | undefined> {
    const { Attributes } = await callTable(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: secretKey('s', id),
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    return Attributes?.refreshToken?.S;
  }

  /** The condition keeps a page that loads during a sign-out from restoring the session. */
  private async set(id: string, name: keyof SignInSession, value: string | number): Promise<boolean> {
    const write = callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: secretKey('s', id),
          UpdateExpression: 'SET #name = :value',
          ConditionExpression: 'attribute_exists(#id)',
          ExpressionAttributeNames: { '#id': 'session-id', '#name': name },
          ExpressionAttributeValues: marshall({ ':value': value }),
        }),
      ),
    );
    return (await unlessConditionFails(write)) !== undefined;
  }
}

/** @throws BrokenItemError */
function readSession(item: Item): SignInSession {
  return {
    idToken: readText(item, 'idToken'),
    refreshToken: readText(item, 'refreshToken'),
    startedAt: readInteger(item, 'startedAt'),
    expires: readInteger(item, 'expires'),
  };
}
