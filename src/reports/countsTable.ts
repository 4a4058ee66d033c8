import { DescribeTableCommand, GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readTotal, type Total } from '../ledger/counter';
import { readCount, type Item } from '../tables/attributes';
import { counterKey, tagKey } from '../tables/keys';
import { readStartingCount, type StartingCount } from '../tags/startingCount';
import type { Tag } from '../tags/tag';

/** The table's state for `GET /`. Nothing in it names the AWS account. */
export interface TableDescription {
  name: string;
  status: string;
  /** DynamoDB updates this number about every six hours. */
  itemCount: number;
  sizeBytes: number;
  createdAt: string | undefined;
}

/**
 * `latest` is a consistent read: visitors see their own visit. `recent` costs half as much and may be a second old.
 */
export type Freshness = 'latest' | 'recent';

/** DynamoDBTable: `{ID: tag, Count: n}` for each tag, `{ID: "COUNTER", TotalViews: n}` for the total. */
export class CountsTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
  ) {}

  /** @throws TableUnavailableError, BrokenItemError */
  async readTag(
    tag: Tag,
    freshness?: Freshness,
  ): Promise<{ count: number; start: StartingCount | undefined }> {
    const item = await this.read(tagKey(tag), freshness);
    return { count: readCount(item), start: readStartingCount(item) };
  }

  /** The grand total of all records that the stream processor has applied. @throws TableUnavailableError */
  async readTotal(freshness?: Freshness): Promise<Total> {
    return readTotal(await this.read(counterKey, freshness));
  }

  /** @throws TableUnavailableError */
  async describe(): Promise<TableDescription> {
    const { Table: table = {} } = await callTable(() =>
      this.client.send(new DescribeTableCommand({ TableName: this.name })),
    );
    return {
      name: this.name,
      status: table.TableStatus ?? 'UNKNOWN',
      itemCount: table.ItemCount ?? 0,
      sizeBytes: table.TableSizeBytes ?? 0,
      createdAt: table.CreationDateTime?.toISOString(),
    };
  }

  private async read(Key: typeof counterKey, freshness: Freshness = 'latest'): Promise<Item> {
    const { Item = {} } = await callTable(() =>
      this.client.send(
        new GetItemCommand({
          TableName: this.name,
          Key,
          ConsistentRead: freshness === 'latest',
        }),
      ),
    );
    return Item;
  }
}
