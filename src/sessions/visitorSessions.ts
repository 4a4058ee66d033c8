import {
  ConditionalCheckFailedException,
  PutItemCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { randomBytes } from 'node:crypto';
import { callTable } from '../aws/dynamodb';

/** How long a session lasts from its first visit. Later visits do not make it longer. */
export const visitorSessionSeconds = 30 * 24 * 60 * 60;

/** A browser's session with the visit that was just counted. */
export interface VisitorSession {
  id: string;
  counter: number;
  /** Whether this visit began it, so that the browser has yet to be told its id. */
  isNew: boolean;
}

/**
 * 192 random bits. The table's keys are shared with sessions of another kind; `v-` keeps these apart from them, so
 * that neither is ever taken for the other.
 */
export function createVisitorId(): string {
  return `v-${randomBytes(24).toString('base64url')}`;
}

/** What a cookie says, if it can be an id of ours at all; whether it is one, only the table knows. */
export function parseVisitorId(text: string | undefined): string | undefined {
  return text !== undefined && /^v-[\w-]{32}$/.test(text) ? text : undefined;
}

/** The visitors' part of the sessions' table: `{session-id, counter, expires}`. */
export class VisitorSessions {
  /** @param client one that does not repeat a write that may have been applied */
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
    private readonly createId: () => string = createVisitorId,
  ) {}

  /**
   * Counts a visit of the session, or begins a session where there is none by this id or it has expired: an id that
   * is not in the table is never taken over, or whoever planted it in a browser would know that browser's session.
   * @param id what `parseVisitorId` made of the cookie
   * @throws TableUnavailableError when no answer came; whether the visit was counted is then not known
   */
  async countVisit(id: string | undefined, nowMs: number): Promise<VisitorSession> {
    const nowSeconds = Math.floor(nowMs / 1_000);
    const counter = id === undefined ? undefined : await this.addOne(id, nowSeconds);
    if (id !== undefined && counter !== undefined) return { id, counter, isNew: false };
    return { id: await this.begin(nowSeconds), counter: 1, isNew: true };
  }

  /** @returns nothing when there is no such session, or none any more: TTL may take days to remove it */
  private async addOne(id: string, nowSeconds: number): Promise<number | undefined> {
    try {
      const { Attributes } = await callTable(() =>
        this.client.send(
          new UpdateItemCommand({
            TableName: this.tableName,
            Key: marshall({ 'session-id': id }),
            UpdateExpression: 'ADD #counter :one',
            ConditionExpression: 'attribute_exists(#id) AND #expires > :now',
            ExpressionAttributeNames: { '#id': 'session-id', '#counter': 'counter', '#expires': 'expires' },
            ExpressionAttributeValues: marshall({ ':one': 1, ':now': nowSeconds }),
            ReturnValues: 'UPDATED_NEW',
          }),
        ),
      );
      return Number(Attributes?.counter?.N);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  }

  private async begin(nowSeconds: number): Promise<string> {
    const id = this.createId();
    // An id that is taken means that chance has failed us; that is an error, and never someone else's session.
    await callTable(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: marshall({ 'session-id': id, counter: 1, expires: nowSeconds + visitorSessionSeconds }),
          ConditionExpression: 'attribute_not_exists(#id)',
          ExpressionAttributeNames: { '#id': 'session-id' },
        }),
      ),
    );
    return id;
  }
}
