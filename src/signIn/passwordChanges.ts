import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { PasswordChangeEndedError } from './signInErrors';
import { createSecretId, secretKey } from './secretIds';
import type { NewPasswordWanted } from './userPool';

/** Cognito's own: it waits three minutes for the answer to a challenge. */
export const passwordChangeSeconds = 3 * 60;

/**
 * Sign-ins that wait for a new password: `{session-id: "password-change#<hash>", username, challenge, expires}`. With
 * Cognito's challenge anyone may set the password, so it stays here, and the browser gets the id of it in a cookie.
 */
export class PasswordChanges {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** @returns the id, for the browser alone @throws TableUnavailableError */
  async begin({ username, challenge }: NewPasswordWanted, nowMs: number): Promise<string> {
    const id = createSecretId('p');
    const expires = Math.floor(nowMs / 1_000) + passwordChangeSeconds;
    const item = { ...this.key(id), username, challenge, expires };
    await callTable(() =>
      this.client.send(new PutItemCommand({ TableName: this.tableName, Item: marshall(item) })),
    );
    return id;
  }

  /** @throws PasswordChangeEndedError, TableUnavailableError */
  async find(id: string, nowMs: number): Promise<NewPasswordWanted> {
    const { Item } = await callTable(() =>
      this.client.send(
        new GetItemCommand({ TableName: this.tableName, Key: marshall(this.key(id)), ConsistentRead: true }),
      ),
    );
    const found = Item && (unmarshall(Item) as NewPasswordWanted & { expires: number });
    if (!found || !(found.expires * 1_000 > nowMs)) throw new PasswordChangeEndedError();
    return found;
  }

  /** @throws TableUnavailableError */
  async end(id: string): Promise<void> {
    await callTable(() =>
      this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: marshall(this.key(id)) })),
    );
  }

  private key(id: string) {
    return { 'session-id': secretKey('p', id) };
  }
}
