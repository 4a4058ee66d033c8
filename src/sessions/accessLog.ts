import {
  BatchWriteItemCommand,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { callTable, unlessConditionFails, writeOnce, type WriteOnceClient } from '../aws/dynamodb';
import { readText } from '../tables/attributes';
import { accessKey } from '../tables/keys';

/**
 * The most 1 MB pages that one call reads. An item has 29 bytes, so one page holds 36,000 items, more than the log
 * keeps. More pages exist only if the log could not be trimmed for a long time.
 */
export const maxScanPages = 4;

/** The most batches that one call deletes. A call adds one item, so the log still shrinks. */
const maxDeleteBatches = 10;
const deleteBatchSize = 25;

export interface AccessLogClients {
  /** For the write that adds an access. */
  writeOnce: WriteOnceClient;
  /** For reads and removals, which may be repeated. */
  repeating: DynamoDBClient;
}

/** AccessLogTable: `{dt}` for each access. Its simple key has no order, so listing reads the whole table. */
export class AccessLog {
  constructor(
    private readonly clients: AccessLogClients,
    private readonly tableName: string,
    /** The number of accesses that the log keeps. */
    private readonly keep: number,
  ) {}

  /**
   * Writes one access. If another access has the same instant, it takes the next free microsecond.
   * @returns the date-time that was written, such as `2026-11-21T09:50:04.123000Z`
   * @throws TableUnavailableError, and then the access may have been written
   */
  async record(nowMs: number): Promise<string> {
    for (let tick = 0; ; tick++) {
      const dt = formatInstant(nowMs, tick);
      if (await this.putNew(dt)) return dt;
    }
  }

  /**
   * Lists the newest accesses, newest first, and removes the older ones. It keeps the newest of
   * the items it read, so even a partial read removes none of the newest in the log.
   * @param recorded the access that the caller has just written; it is always in the list
   * @throws TableUnavailableError
   */
  async listNewest(recorded: string): Promise<string[]> {
    const newestFirst = [...new Set([recorded, ...(await this.read())])].sort().reverse();
    await this.remove(newestFirst.slice(this.keep).reverse());
    return newestFirst.slice(0, this.keep);
  }

  private async putNew(dt: string): Promise<boolean> {
    const write = writeOnce(this.clients.writeOnce, (client) =>
      client.send(
        new PutItemCommand({
          TableName: this.tableName,
          Item: accessKey(dt),
          ConditionExpression: 'attribute_not_exists(dt)',
        }),
      ),
    );
    return (await unlessConditionFails(write)) !== undefined;
  }

  private async read(): Promise<string[]> {
    const found: string[] = [];
    let after: Record<string, AttributeValue> | undefined;
    for (let page = 0; page < maxScanPages; page++) {
      const { Items = [], LastEvaluatedKey } = await callTable(() =>
        this.clients.repeating.send(
          new ScanCommand({ TableName: this.tableName, ExclusiveStartKey: after, ConsistentRead: true }),
        ),
      );
      found.push(...Items.map((item) => readText(item, 'dt')));
      after = LastEvaluatedKey;
      if (!after) break;
    }
    return found;
  }

  /** Items that DynamoDB leaves unprocessed, and those beyond the limit, wait for the next call. */
  private async remove(instants: string[]): Promise<void> {
    for (let batch = 0; batch < maxDeleteBatches; batch++) {
      const some = instants.slice(batch * deleteBatchSize, (batch + 1) * deleteBatchSize);
      if (some.length === 0) return;
      const requests = some.map((dt) => ({ DeleteRequest: { Key: accessKey(dt) } }));
      await callTable(() =>
        this.clients.repeating.send(
          new BatchWriteItemCommand({ RequestItems: { [this.tableName]: requests } }),
        ),
      );
    }
  }
}

/** All date-times have the same length, so they sort as text. */
function formatInstant(nowMs: number, microseconds: number): string {
  const wholeMs = nowMs + Math.floor(microseconds / 1_000);
  const rest = String(microseconds % 1_000).padStart(3, '0');
  return new Date(wholeMs).toISOString().replace('Z', `${rest}Z`);
}
