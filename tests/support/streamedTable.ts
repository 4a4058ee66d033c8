import { setTimeout as pause } from 'node:timers/promises';
import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { StreamRecord } from '../../local/streams/record';

/** Creates a table with the key `ID` and a stream. @returns the stream's ARN */
export async function createStreamedTable(client: DynamoDBClient, tableName: string): Promise<string> {
  const { TableDescription: description } = await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'ID', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'ID', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  if (description?.LatestStreamArn === undefined) throw new Error(`${tableName} has no stream.`);
  return description.LatestStreamArn;
}

/** Long enough for a busy machine: it only ends a wait for a condition that never holds. */
const patienceMs = 120_000;

/** Polls until the condition holds. @throws Error if it never does */
export async function waitUntil(isMet: () => boolean): Promise<void> {
  const endMs = Date.now() + patienceMs;
  while (!isMet()) {
    if (Date.now() > endMs) throw new Error('The condition was not met in time.');
    await pause(10);
  }
}

export function listIds(records: readonly StreamRecord[]): string[] {
  return records.map(({ dynamodb }) => (dynamodb.Keys.ID as { S: string }).S);
}

export function listNumbers(records: readonly StreamRecord[]): string[] {
  return records.map(({ dynamodb }) => dynamodb.SequenceNumber);
}
