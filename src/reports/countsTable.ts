import {
  DescribeTableCommand,
  GetItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readTotal, type Total } from '../ledger/counter';
import { startIn, type StartingCount } from '../tags/startingCount';
import { counterId } from '../tags/tag';

/** What `GET /` says of the table; nothing that names the account. */
export interface TableDescription {
  name: string;
  status: string;
  /** Items by DynamoDB's own count, which it renews about every six hours. */
  itemCount: number;
  sizeBytes: number;
  createdAt: string | undefined;
}

/**
 * `latest`: who has just visited sees that visit. `recent`: most often that too, and a second behind at worst, for
 * half the price.
 */
export type Freshness = 'latest' | 'recent';

/** The tags' table: `{ID: tag, Count: n}` a tag, `{ID: "COUNTER", TotalViews: n}` for the total. */
export class CountsTable {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly name: string,
  ) {}

  /** A tag's count, and what it was counted elsewhere before, if its owner said so. @throws TableUnavailableError */
  async readTag(
    tag: string,
    freshness?: Freshness,
  ): Promise<{ count: number; start: StartingCount | undefined }> {
    const item = await this.read(tag, freshness);
    return { count: countIn(item), start: startIn(item) };
  }

  /** The grand total, as far as the stream has been applied. @throws TableUnavailableError */
  async readTotal(freshness?: Freshness): Promise<Total> {
    return readTotal(await this.read(counterId, freshness));
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

  private async read(key: string, freshness: Freshness = 'latest'): Promise<Record<string, AttributeValue>> {
    const ConsistentRead = freshness === 'latest';
    const { Item = {} } = await callTable(() =>
      this.client.send(
        new GetItemCommand({ TableName: this.name, Key: marshall({ ID: key }), ConsistentRead }),
      ),
    );
    return Item;
  }
}

/** An item's count; one without it, as an item that is not there, counts nothing. */
export function countIn(item: Record<string, AttributeValue>): number {
  return Number(item.Count?.N ?? 0);
}
