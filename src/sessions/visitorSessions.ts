import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { randomBytes } from 'node:crypto';
import { unlessConditionFails, writeOnce, type WriteOnceClient } from '../aws/dynamodb';
import { readInteger } from '../tables/attributes';
import { sessionKeys } from '../tables/keys';

/** A session ends this long after its first visit. Later visits do not extend it. */
export const visitorSessionSeconds = 30 * 24 * 60 * 60;

/** A browser's session, including the visit that was just counted. */
export interface VisitorSession {
  id: string;
  counter: number;
  /** Whether this visit started the session, so the browser needs its cookie. */
  isNew: boolean;
}

/** Creates an id with 192 random bits. `v-` distinguishes it from the other key spaces of SessionsTable. */
function createVisitorId(): string {
  return `v-${randomBytes(24).toString('base64url')}`;
}

/** Parses a cookie. A well-formed id may still be unknown to the table. */
export function parseVisitorId(text: string | undefined): string | undefined {
  return text !== undefined && /^v-[\w-]{32}$/.test(text) ? text : undefined;
}

/** The visitor sessions of SessionsTable: `{session-id, counter, expires}`. */
export class VisitorSessions {
  constructor(
    private readonly client: WriteOnceClient,
    private readonly tableName: string,
    private readonly createId: () => string = createVisitorId,
  ) {}

  /**
   * Counts a visit of the session. If the id is unknown or expired, it starts a session under a new id: someone who plants
   * an id in a browser must not learn the browser's session.
   * @param id the result of `parseVisitorId`
   * @throws TableUnavailableError, and then the visit may have been counted
   */
  async countVisit(id: string | undefined, nowMs: number): Promise<VisitorSession> {
    const nowSeconds = Math.floor(nowMs / 1_000);
    const counter = id === undefined ? undefined : await this.addOne(id, nowSeconds);
    if (id !== undefined && counter !== undefined) return { id, counter, isNew: false };
    return { id: await this.begin(nowSeconds), counter: 1, isNew: true };
  }

  /** @returns undefined if the session does not exist or has expired; TTL may take days to remove it */
  private async addOne(id: string, nowSeconds: number): Promise<number | undefined> {
    const write = writeOnce(this.client, (client) =>
      client.send(
        new UpdateItemCommand({
          TableName: this.tableName,
          Key: sessionKeys.visitor(id),
          UpdateExpression: 'ADD #counter :one',
          ConditionExpression: 'attribute_exists(#id) AND #expires > :now',
          ExpressionAttributeNames: { '#id': 'session-id', '#counter': 'counter', '#expires': 'expires' },
          ExpressionAttributeValues: marshall({ ':one': 1, ':now': nowSeconds }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    const updated = await unlessConditionFails(write);
    return updated && readInteger(updated.Attributes ?? {}, 'counter');
  }

  private async begin(nowSeconds: number): Promise<string> {
    const id = this.createId();
    // The condition turns an id that is already taken into an error instead of a shared session.
    await writeOnce(this.client, (client) =>
      client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: {
            ...sessionKeys.visitor(id),
            ...marshall({ counter: 1, expires: nowSeconds + visitorSessionSeconds }),
          },
          ConditionExpression: 'attribute_not_exists(#id)',
          ExpressionAttributeNames: { '#id': 'session-id' },
        }),
      ),
    );
    return id;
  }
}
