import {
  DescribeTableCommand,
  GetItemCommand,
  paginateScan,
  UpdateItemCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { callTable } from '../aws/dynamodb';
import { readTotal, type Total } from '../totals/counter';
import { startIn, type StartingCount } from './startingCount';
import { counterId } from './tag';
import type { ListedTag } from './tagList';

/** What `GET /` says of the table; nothing that names the account. */
export interface TableDescription {
  name: string;
  status: string;
  /** Items by DynamoDB's own count, which it renews about every six hours. */
  itemCount: number;
  sizeBytes: number;
  createdAt: string | undefined;
}

/** About 32 MB, or half a million tags: 4,000 read units and some seconds. */
const maxScanPages = 32;

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

  /**
   * Counts one visit by one atomic write.
   * @returns the tag's count, this visit included
   * @throws TableUnavailableError when no answer came; whether the visit was counted is then not known
   */
  async recordVisit(tag: string): Promise<number> {
    const { Attributes = {} } = await callTable(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.name,
          Key: marshall({ ID: tag }),
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'Count' },
          ExpressionAttributeValues: marshall({ ':one': 1 }),
          ReturnValues: 'UPDATED_NEW',
        }),
      ),
    );
    return countIn(Attributes);
  }

  /** @throws TableUnavailableError */
  async readCount(tag: string, freshness?: Freshness): Promise<number> {
    return countIn(await this.read(tag, freshness));
  }

  /** A tag's count, and what it was counted elsewhere before, if its owner said so. @throws TableUnavailableError */
  async readTag(tag: string): Promise<{ count: number; start: StartingCount | undefined }> {
    const item = await this.read(tag);
    return { count: countIn(item), start: startIn(item) };
  }

  /**
   * Every tag, in no order, as it was a moment ago at the most.
   * @returns also whether these are all: a table is read no further than `maxScanPages` pages of 1 MB
   * @throws TableUnavailableError
   */
  listTags(): Promise<{ tags: ListedTag[]; isComplete: boolean }> {
    return callTable(async () => {
      const tags: ListedTag[] = [];
      let pagesLeft = maxScanPages;
      const pages = paginateScan(
        { client: this.client },
        {
          TableName: this.name,
          ProjectionExpression: 'ID, #count, #start',
          ExpressionAttributeNames: { '#count': 'Count', '#start': 'Start' },
        },
      );
      for await (const { Items = [], LastEvaluatedKey } of pages) {
        for (const item of Items) {
          if (item.ID?.S === undefined || item.ID.S === counterId) continue;
          const start = startIn(item)?.visits;
          tags.push({ tag: item.ID.S, count: countIn(item), ...(start === undefined ? {} : { start }) });
        }
        pagesLeft -= 1;
        if (LastEvaluatedKey && pagesLeft === 0) return { tags, isComplete: false };
      }
      return { tags, isComplete: true };
    });
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
function countIn(item: Record<string, AttributeValue>): number {
  return Number(item.Count?.N ?? 0);
}
