import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactionConflictException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type AttributeValue,
  type BatchGetItemCommandOutput,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { systemClock, type Clock } from '../aws/clock';
import { counterId, counterKey, dayKey, tagKey } from '../tables/keys';
import {
  adoption,
  dayAttribute,
  openDaysOf,
  stateOfCounter,
  type CounterItem,
  type CounterState,
} from './counter';
import { maxTransactionItems, type Row } from './fold';
import { countIn, ForeignRecordError } from './reading';
import { readRow } from './row';
import { maxBatchGetKeys, UnreadKeysError, type TotalsTables } from './totalsStore';

/** A tag as reconcile sees it: what it counts, and what has been applied of that. */
export interface Look {
  /** Nothing when the tag's item is gone. */
  count: number | undefined;
  row: Row | undefined;
}

/** Which of the two walked tables a page comes from. */
export type WalkedTable = 'counts' | 'totals';

/** Part of a segment of a walked table. */
export interface Page {
  tags: string[];
  /** Items that reconcile made for tags that are gone, and that an earlier run left behind. */
  leftovers: { tag: string; mark: string }[];
  /** The last tag, after which the next page begins; nothing when the segment ends here. */
  last: string | undefined;
}

/** Where the walk stands, kept between runs. */
export interface Progress {
  /** For each segment: `null` before its start, the last tag read, or `true` when it was read to its end. */
  positions: Record<WalkedTable, (string | true | null)[]>;
  /** Tags that were asked or under way, and have not been seen caught up since. */
  unsettled: number;
}

/** How often a batch is read until nothing of it is left, with pauses that double: some 2.5 s in all. */
const maxReadsOfBatch = 8;
const firstPauseMs = 10;

/** The tables as reconcile walks and asks them. It never writes a row of a tag, nor a total of its own making. */
export class ReconcileStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: TotalsTables,
    private readonly clock: Clock = systemClock,
  ) {}

  /** Reads the next page of a segment. @param after the last tag of the page before, or nothing */
  async readPage(
    table: WalkedTable,
    segment: number,
    segments: number,
    after: string | null,
    limit: number,
  ): Promise<Page> {
    const { Items = [], LastEvaluatedKey } = await this.client.send(
      new ScanCommand({
        TableName: this.tables[table],
        Segment: segment,
        TotalSegments: segments,
        Limit: limit,
        ExclusiveStartKey: after === null ? undefined : tagKey(after),
      }),
    );
    const page: Page = { tags: [], leftovers: [], last: LastEvaluatedKey?.ID?.S };
    for (const { ID, Count, Ghost } of Items) {
      const tag = ID?.S;
      if (tag === undefined || tag === counterId) continue;
      page.tags.push(tag);
      if (Ghost?.S !== undefined && Count?.N === '0') page.leftovers.push({ tag, mark: Ghost.S });
    }
    return page;
  }

  /**
   * Looks at tags in both tables: first at what they count, then at what has been applied.
   * A tag whose `Count` is no whole number is left out, as its records are.
   * @throws UnreadKeysError, or what DynamoDB threw
   */
  async look(tags: readonly string[], consistent: boolean): Promise<Map<string, Look>> {
    const looks = new Map<string, Look>();
    for (let start = 0; start < tags.length; start += maxBatchGetKeys) {
      const some = tags.slice(start, start + maxBatchGetKeys);
      const items = await this.readItems(this.tables.counts, some, consistent);
      const rows = await this.readItems(this.tables.totals, some, consistent);
      for (const tag of some) {
        try {
          const item = items.get(tag);
          looks.set(tag, { count: item && countIn(item), row: readRow(rows.get(tag)) });
        } catch (error) {
          if (!(error instanceof ForeignRecordError)) throw error;
        }
      }
    }
    return looks;
  }

  /** Has the table say a tag's count again, by an attribute that changes each time. Does nothing for a tag that is gone. */
  async askTag(tag: string): Promise<void> {
    await ifConditionHolds(() =>
      this.client.send(
        new UpdateItemCommand({
          TableName: this.tables.counts,
          Key: tagKey(tag),
          UpdateExpression: 'ADD SaidAgain :one',
          ConditionExpression: 'attribute_exists(ID)',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        }),
      ),
    );
  }

  /**
   * Has the table say again that a tag is gone: makes its item and takes it away. A tag that is reborn before or
   * between is left alone.
   * @param mark a text that no other run makes, by which `deleteGhost` knows the item
   */
  async askGoneTag(tag: string, mark: string): Promise<void> {
    const made = await ifConditionHolds(() =>
      this.client.send(
        new PutItemCommand({
          TableName: this.tables.counts,
          Item: { ID: { S: tag }, Count: { N: '0' }, Ghost: { S: mark } },
          ConditionExpression: 'attribute_not_exists(ID)',
        }),
      ),
    );
    if (made) await this.deleteGhost(tag, mark);
  }

  async deleteGhost(tag: string, mark: string): Promise<void> {
    await ifConditionHolds(() =>
      this.client.send(
        new DeleteItemCommand({
          TableName: this.tables.counts,
          Key: tagKey(tag),
          ConditionExpression: '#count = :zero AND Ghost = :mark',
          ExpressionAttributeNames: { '#count': 'Count' },
          ExpressionAttributeValues: { ':zero': { N: '0' }, ':mark': { S: mark } },
        }),
      ),
    );
  }

  async readCounterState(): Promise<CounterState> {
    return stateOfCounter(await this.readCounter());
  }

  /** Puts the rebuilt total in the place of the old one, unless another run has. */
  async adopt(): Promise<void> {
    await ifConditionHolds(() =>
      this.client.send(
        new UpdateItemCommand({ TableName: this.tables.counts, Key: counterKey, ...adoption }),
      ),
    );
  }

  /**
   * Puts days of all tags together into DaysTable, which stand on the grand total's item until then and would make it
   * dearer to write with each of them. A day that moves meanwhile stays where it is until the next run.
   * @param before the first day, `YYYY-MM-DD`, that stays
   */
  async closeTotalDays(before: string): Promise<void> {
    const ended = [...openDaysOf(await this.readCounter()).visits]
      .filter(([day]) => day < before)
      .slice(0, maxTransactionItems - 1);
    if (ended.length === 0) return;
    const days = ended.map(([day, visits]) => ({
      Update: {
        TableName: this.tables.days,
        Key: dayKey(counterId, day),
        UpdateExpression: 'ADD Visits :visits',
        ExpressionAttributeValues: { ':visits': { N: `${visits}` } },
      },
    }));
    const total = {
      Update: {
        TableName: this.tables.counts,
        Key: counterKey,
        UpdateExpression: `ADD Turns :one REMOVE ${ended.map((_, index) => `#day${index}`).join(', ')}`,
        ConditionExpression: ended.map((_, index) => `#day${index} = :day${index}`).join(' AND '),
        ExpressionAttributeNames: Object.fromEntries(
          ended.map(([day], index) => [`#day${index}`, dayAttribute(day)]),
        ),
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ...Object.fromEntries(ended.map(([, visits], index) => [`:day${index}`, { N: `${visits}` }])),
        },
      },
    };
    await ifConditionHolds(() =>
      this.client.send(new TransactWriteItemsCommand({ TransactItems: [total, ...days] })),
    );
  }

  /** Progress lies under the one key of TotalsTable that is never a tag. */
  async readProgress(): Promise<Progress | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.tables.totals,
        Key: counterKey,
        ConsistentRead: true,
      }),
    );
    const text = Item?.Progress?.S;
    return text === undefined ? undefined : (JSON.parse(text) as Progress);
  }

  /** Overwrites what another run kept: either is true of its own walk, and a part walked twice does no harm. */
  async saveProgress(progress: Progress): Promise<void> {
    await this.client.send(
      new PutItemCommand({
        TableName: this.tables.totals,
        Item: { ID: { S: counterId }, Progress: { S: JSON.stringify(progress) } },
      }),
    );
  }

  private async readCounter(): Promise<CounterItem> {
    const { Item } = await this.client.send(
      new GetItemCommand({
        TableName: this.tables.counts,
        Key: counterKey,
        ConsistentRead: true,
      }),
    );
    return Item;
  }

  private async readItems(
    table: string,
    tags: string[],
    consistent: boolean,
  ): Promise<Map<string, Record<string, AttributeValue>>> {
    const items = new Map<string, Record<string, AttributeValue>>();
    let keys: Record<string, AttributeValue>[] | undefined = tags.map((tag) => tagKey(tag));
    // An answer ends at 16 MB, or where DynamoDB is busy, and names the keys that are left.
    for (let reads = 0; keys?.length; reads += 1) {
      if (reads === maxReadsOfBatch) throw new UnreadKeysError('Items were left unread.');
      if (reads > 1) await this.clock.sleep(firstPauseMs * 2 ** reads);
      const { Responses = {}, UnprocessedKeys = {} }: BatchGetItemCommandOutput = await this.client.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: consistent } } }),
      );
      for (const item of Responses[table] ?? []) items.set(item.ID?.S ?? '', item);
      keys = UnprocessedKeys[table]?.Keys;
    }
    return items;
  }
}

/** Says whether a write was made that holds under conditions. */
async function ifConditionHolds(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    if (error instanceof TransactionConflictException) return false;
    if (error instanceof TransactionCanceledException && isOvertaken(error)) return false;
    throw error;
  }
}

/** Whether a transaction met another writer of its items, and nothing else was wrong with it. */
function isOvertaken({ CancellationReasons = [] }: TransactionCanceledException): boolean {
  const harmless = ['None', 'ConditionalCheckFailed', 'TransactionConflict'];
  return CancellationReasons.every(({ Code }) => harmless.includes(Code ?? ''));
}
