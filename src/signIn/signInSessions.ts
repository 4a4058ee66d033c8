import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { createSecretId, secretKey } from './secretIds';
import type { Tokens } from './userPool';

/** How long a session lasts at most: as long as the refresh token that it holds. */
export const signInSessionSeconds = 30 * 24 * 60 * 60;

/** How long it lasts unused. Who looks on Friday is still signed in on Monday morning. */
export const idleSeconds = 3 * 24 * 60 * 60;

/** Its end is moved only when it moves by this much, which makes a write an hour and not one a request. */
const leastMoveSeconds = 60 * 60;

/** A session as the table has it. */
export interface SignInSession extends Tokens {
  /** In seconds since 1970, as all times here. */
  startedAt: number;
  expires: number;
}

/**
 * The sign-in part of the sessions' table: `{session-id: "sign-in#<hash>", idToken, refreshToken, startedAt, expires}`.
 * Each write may be repeated without harm.
 */
export class SignInSessions {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /**
   * Begins a session under a new id, which nobody can have known before.
   * @returns the id, for the browser alone
   * @throws TableUnavailableError
   */
  async begin({ idToken, refreshToken }: Tokens, nowMs: number): Promise<string> {
    const id = createSecretId('s');
    const startedAt = Math.floor(nowMs / 1_000);
    const session: SignInSession = { idToken, refreshToken, startedAt, expires: startedAt + idleSeconds };
    await callTable(() =>
      this.client.send(
        new PutItemCommand({ TableName: this.tableName, Item: marshall({ ...this.key(id), ...session }) }),
      ),
    );
    return id;
  }

  /**
   * The session, if it lasts; its idle time begins anew.
   * @returns nothing when there is none or it has expired: TTL may take days to remove it
   * @throws TableUnavailableError
   */
  async find(id: string, nowMs: number): Promise<SignInSession | undefined> {
    const { Item } = await callTable(() =>
      this.client.send(
        new GetItemCommand({ TableName: this.tableName, Key: marshall(this.key(id)), ConsistentRead: true }),
      ),
    );
    if (!Item) return undefined;
    const session = unmarshall(Item) as SignInSession;
    const now = Math.floor(nowMs / 1_000);
    // Not `expires <= now`: an item without an end is no session either.
    if (!(session.expires > now)) return undefined;
    const expires = Math.min(now + idleSeconds, session.startedAt + signInSessionSeconds);
    if (expires - session.expires < leastMoveSeconds) return session;
    return (await this.set(id, 'expires', expires)) ? { ...session, expires } : undefined;
  }

  /** Puts a fresh id token in place of the old one. @returns false when the session was ended meanwhile */
  replaceIdToken(id: string, idToken: string): Promise<boolean> {
    return this.set(id, 'idToken', idToken);
  }

  /**
   * Ends a session, so that its id opens nothing from now on.
   * @returns the refresh token that it held, to be revoked
   * @throws TableUnavailableError
   */
  async end(id: string): Promise<string | undefined> {
    const { Attributes } = await callTable(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.tableName,
          Key: marshall(this.key(id)),
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    return Attributes?.refreshToken?.S;
  }

  /** Only of a session that is there, or a sign-out would be undone by a page that loads at the same time. */
  private async set(id: string, name: keyof SignInSession, value: string | number): Promise<boolean> {
    try {
      await callTable(() =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: marshall(this.key(id)),
            UpdateExpression: 'SET #name = :value',
            ConditionExpression: 'attribute_exists(#id)',
            ExpressionAttributeNames: { '#id': 'session-id', '#name': name },
            ExpressionAttributeValues: marshall({ ':value': value }),
          }),
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }

  private key(id: string) {
    return { 'session-id': secretKey('s', id) };
  }
}
