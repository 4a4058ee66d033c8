import { BatchWriteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createTestClient } from '../support/engine';
import type { RunnerProcess } from '../support/runner';

const dayMs = 24 * 60 * 60 * 1_000;

/** A tag that has been visited for more than a year, and a total to match. */
export const oldTag = { name: 'blog/first-post', count: 31_337, total: 1_048_576 };

/** Writes the tables of a runner as if it had counted `oldTag` until yesterday. */
export async function writeHistory(runner: RunnerProcess, nowMs: number): Promise<void> {
  const endpoint = /engine +(\S+)/.exec(runner.output())?.[1] ?? '';
  const client = createTestClient(endpoint);
  const put = (TableName: string, item: Record<string, unknown>) =>
    client.send(new PutItemCommand({ TableName, Item: marshall(item) }));
  try {
    // The row first: the stream then finds the count applied.
    const row = { Stream: '', Sequence: '1', Day: '2020-01-01', Opening: 0, Turns: 0, Reading: oldTag.count };
    await put('TotalsTable', { ID: oldTag.name, ...row });
    await put('DynamoDBTable', { ID: oldTag.name, Count: oldTag.count });
    await put('DynamoDBTable', { ID: 'COUNTER', TotalViews: oldTag.total, Exact: true });

    const days = Array.from({ length: 400 }, (_, index) => ({
      ID: oldTag.name,
      Day: new Date(nowMs - (index + 1) * dayMs).toISOString().slice(0, 10),
      // Weeks that swell and ebb, and now and then a day without a visit.
      Visits:
        index % 11 === 5
          ? 0
          : Math.round(90 + 60 * Math.sin(index / 9) - 45 * Math.cos((index * Math.PI) / 3.5)),
    }));
    for (let start = 0; start < days.length; start += 25) {
      const requests = days.slice(start, start + 25).map((day) => ({ PutRequest: { Item: marshall(day) } }));
      await client.send(new BatchWriteItemCommand({ RequestItems: { DaysTable: requests } }));
    }
  } finally {
    client.destroy();
  }
}
