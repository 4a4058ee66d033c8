import { DeleteItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { MemoryTables } from '../support/memoryTables';
import { tags, type Setup } from './history';
import type { Reference } from './reference';
import { tableNames } from './tables';

/** Changes counts as visitors do, and as an owner who deletes tags or sets counts by hand. */
export class Visitors {
  constructor(
    private readonly tables: MemoryTables,
    private readonly reference: Reference,
  ) {}

  visit(tag: string): void {
    this.reference.counts.set(tag, (this.reference.counts.get(tag) ?? 0) + 1);
    this.tables.execute(
      new UpdateItemCommand({
        TableName: tableNames.counts,
        Key: { ID: { S: tag } },
        UpdateExpression: 'ADD #count :one',
        ExpressionAttributeNames: { '#count': 'Count' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
  }

  remove(tag: string): void {
    this.reference.counts.delete(tag);
    this.tables.execute(new DeleteItemCommand({ TableName: tableNames.counts, Key: { ID: { S: tag } } }));
  }

  setCount(tag: string, count: number): void {
    this.reference.counts.set(tag, count);
    this.tables.execute(
      new PutItemCommand({
        TableName: tableNames.counts,
        Item: { ID: { S: tag }, Count: { N: `${count}` } },
      }),
    );
  }

  /** Replaces the count by a value that is not a whole number. Visits fail until `setCount` repairs it. */
  setForeign(tag: string, text: boolean): void {
    this.tables.execute(
      new PutItemCommand({
        TableName: tableNames.counts,
        Item: { ID: { S: tag }, Count: text ? { S: 'many' } : { N: '1.5' } },
      }),
    );
  }

  /** Writes the items that exist before the stream does. */
  loadOrigin({ origin, counts, workshopTotal, counterVisited }: Setup): void {
    if (origin === 'fresh') return;
    for (const [index, count] of counts.entries()) this.setCount(tags[index] ?? '', count);
    if (origin === 'counted') return;
    const total = { ID: { S: 'COUNTER' }, TotalViews: { N: `${workshopTotal}` } };
    const Item = counterVisited ? { ...total, Count: { N: '3' } } : total;
    this.tables.execute(new PutItemCommand({ TableName: tableNames.counts, Item }));
  }
}
