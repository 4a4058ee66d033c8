import {
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  PutItemCommand,
  ScanCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';

/**
 * What one call reads at most. An item is 29 bytes, so a page, which is 1 MB, holds some 36,000 of them: more than
 * are ever kept. Several pages come only after something kept the log from being trimmed for long.
 */
export const maxScanPages = 4;

/** What one call removes at most, in batches of DynamoDB's largest size. A call adds one, so the log shrinks. */
export const maxDeleteBatches = 10;
export const deleteBatchSize = 25;

/** The clients differ in what they repeat: a write that adds must not be, a read or a removal may. */
export interface AccessLogClients {
  counting: DynamoDBClient;
  repeating: DynamoDBClient;
}

/** When Footfall was called, an item an access: `{dt}`. One key without an order, so listing reads them all. */
export class AccessLog {
  constructor(
    private readonly clients: AccessLogClients,
    private readonly tableName: string,
    /** How many of the newest are kept. */
    private readonly keep: number,
  ) {}

  /**
   * Writes one access. Accesses of the same instant get one item each: who finds an instant taken takes the next
   * microsecond.
   * @returns the date-time that was written, such as `2026-11-21T09:50:04.123000Z`
   * @throws TableUnavailableError when no answer came; whether it was written is then not known
   */
  async record(nowMs: number): Promise<string> {
    for (let tick = 0; ; tick++) {
      const dt = formatInstant(nowMs, tick);
      if (await this.putNew(dt)) return dt;
    }
  }

  /**
   * The newest accesses, newest first, and removes what is older than those that are kept. What it removes is beyond the
   * newest of those that it read, so it is beyond the newest of all, even where it could not read all.
   * @param recorded what the caller has just written, which is listed whatever part of the log was read
   * @throws TableUnavailableError
   */
  async listNewest(recorded: string): Promise<string[]> {
    const newestFirst = [...new Set([recorded, ...(await this.read())])].sort().reverse();
    await this.remove(newestFirst.slice(this.keep).reverse());
    return newestFirst.slice(0, this.keep);
  }

  private async putNew(dt: string): Promise<boolean> {
    try {
      await callTable(() =>
        this.clients.counting.send(
          new PutItemCommand({
            TableName: this.tableName,
            Item: marshall({ dt }),
            ConditionExpression: 'attribute_not_exists(dt)',
          }),
        ),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
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
      found.push(...Items.flatMap(({ dt }) => dt?.S ?? []));
      after = LastEvaluatedKey;
      if (!after) break;
    }
    return found;
  }

  /** What DynamoDB leaves unprocessed, as what is beyond the bound, is left to the next call. */
  private async remove(instants: string[]): Promise<void> {
    for (let batch = 0; batch < maxDeleteBatches; batch++) {
      const some = instants.slice(batch * deleteBatchSize, (batch + 1) * deleteBatchSize);
      if (some.length === 0) return;
      const requests = some.map((dt) => ({ DeleteRequest: { Key: marshall({ dt }) } }));
      await callTable(() =>
        this.clients.repeating.send(
          new BatchWriteItemCommand({ RequestItems: { [this.tableName]: requests } }),
        ),
      );
    }
  }
}

/** A date-time of one length for all, so that the order of the texts is the order of the times. */
function formatInstant(nowMs: number, microseconds: number): string {
  const wholeMs = nowMs + Math.floor(microseconds / 1_000);
  const rest = String(microseconds % 1_000).padStart(3, '0');
  return new Date(wholeMs).toISOString().replace('Z', `${rest}Z`);
}
