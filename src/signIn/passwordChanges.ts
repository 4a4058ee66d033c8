import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readInteger, readText } from '../tables/attributes';
import { createSecretId, secretKey } from './secretIds';
import { PasswordChangeEndedError } from './signInErrors';
import type { NewPasswordChallenge } from './userPool';

/** Cognito's own limit: it accepts the answer to a challenge for three minutes. */
export const passwordChangeSeconds = 3 * 60;

/**
 * Sign-ins that wait for a new password: `{session-id: "password-change#<hash>", username, challenge, expires}` in
 * SessionsTable. Anyone with Cognito's challenge could set the password, so the browser gets only an id, in a cookie.
 */
export class PasswordChanges {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** @returns the id, for the browser's cookie only @throws TableUnavailableError */
  async begin({ username, challenge }: NewPasswordChallenge, nowMs: number): Promise<string> {
    const id = createSecretId('p');
    const expires = Math.floor(nowMs / 1_000) + passwordChangeSeconds;
    const Item = { ...secretKey('p', id), ...marshall({ username, challenge, expires }) };
    await callTable(() => this.client.send(new PutItemCommand({ TableName: this.tableName, Item })));
    return id;
  }

  /** @throws PasswordChangeEndedError, TableUnavailableError */
  async find(id: string, nowMs: number): Promise<NewPasswordChallenge> {
    const { Item } = await callTable(() =>
      this.client.send(
        new GetItemCommand({ TableName: this.tableName, Key: secretKey('p', id), ConsistentRead: true }),
      ),
    );
    if (!Item || readInteger(Item, 'expires', 0) * 1_000 <= nowMs) throw new PasswordChangeEndedError();
    return { username: readText(Item, 'username'), challenge: readText(Item, 'challenge') };
  }

  /** @throws TableUnavailableError */
  async end(id: string): Promise<void> {
    await callTable(() =>
      this.client.send(new DeleteItemCommand({ TableName: this.tableName, Key: secretKey('p', id) })),
    );
  }
}
