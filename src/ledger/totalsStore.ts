import {
  BatchGetItemCommand,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import type { Settings } from '../aws/environment';
import type { Day } from '../days/day';
import { moveCounter, openDaysOf, stateOfCounter, type CounterMove, type CounterState } from './counter';
import { addDayVisits, type DayVisits, type OpenDays } from './dayVisits';
import type { Move, Row } from './fold';
import { openDayOf, readRow, writeRow } from './row';
import { counterId, counterKey, dayKey, tagKey } from '../tables/keys';

/** The names of the three tables, as CloudFormation gave them. */
export interface TotalsTables {
  /** DynamoDBTable: the tags' counts and the grand total. */
  counts: string;
  /** TotalsTable: what has been applied of each tag. */
  totals: string;
  /** DaysTable: the days that ended. */
  days: string;
}

/** The settings that `totalsTables` needs. */
export const totalsSettings = ['countsTable', 'totalsTable', 'daysTable'] as const;

/** The tables of the function that runs here. */
export function totalsTables({
  countsTable: counts,
  totalsTable: totals,
  daysTable: days,
}: Pick<Settings, (typeof totalsSettings)[number]>): TotalsTables {
  return { counts, totals, days };
}

/** What has been applied so far, as far as some tags are concerned. */
export interface AppliedState {
  rows: ReadonlyMap<string, Row>;
  counter: CounterState;
}

/** DynamoDB left keys of a batch unread, as it may under load. */
export class UnreadKeysError extends Error {}

/** BatchGetItem takes this many keys. */
export const maxBatchGetKeys = 100;

/** The tables that hold totals and days, as the stream processor writes them and pages read them. */
export class TotalsStore {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: TotalsTables,
  ) {}

  /**
   * Reads the rows of tags, and how the grand total stands.
   * @throws UnreadKeysError, or what DynamoDB threw
   */
  async readState(tags: readonly string[]): Promise<AppliedState> {
    const tagsAtOnce = maxBatchGetKeys - 1;
    const chunks = Array.from({ length: Math.ceil(tags.length / tagsAtOnce) }, (_, index) =>
      tags.slice(index * tagsAtOnce, (index + 1) * tagsAtOnce),
    );
    // At once: a batch of a thousand tags waits for the slowest of eleven reads and not for their sum.
    const states = await Promise.all(chunks.map((chunk) => this.readChunk(chunk)));
    return {
      rows: new Map(states.flatMap(({ rows }) => [...rows])),
      counter: states.at(-1)?.counter ?? 'fresh',
    };
  }

  private async readChunk(tags: readonly string[]): Promise<AppliedState> {
    const { Responses = {}, UnprocessedKeys = {} } = await this.client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [this.tables.totals]: { Keys: tags.map((tag) => tagKey(tag)), ConsistentRead: true },
          [this.tables.counts]: { Keys: [counterKey], ConsistentRead: true },
        },
      }),
    );
    if (Object.keys(UnprocessedKeys).length > 0) throw new UnreadKeysError('Rows were left unread.');
    const rows = new Map<string, Row>();
    for (const item of Responses[this.tables.totals] ?? []) {
      const row = readRow(item);
      if (row && item.ID?.S !== undefined) rows.set(item.ID.S, row);
    }
    return { rows, counter: stateOfCounter(Responses[this.tables.counts]?.[0]) };
  }

  /**
   * Applies moves in one transaction, which holds only if none of their rows has moved since it was read.
   * @throws what DynamoDB threw; then it may have been applied or not, and only the rows can tell
   */
  async applyMoves(moves: readonly Move[], counter: CounterState): Promise<void> {
    const items = moves.flatMap((move) => [this.updateRow(move), ...this.addDays(move)]);
    const total = moveCounter(counter, addUp(moves));
    if (total) items.push({ Update: { TableName: this.tables.counts, Key: counterKey, ...total } });
    await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  }

  /**
   * A tag's visits by day, from the first to the last `YYYY-MM-DD`, both included.
   * @throws TableUnavailableError
   */
  readDays(tag: string, from: Day, to: Day): Promise<DayVisits[]> {
    const readOpen = async () => openDayOf(readRow(await this.readItem(this.tables.totals, tag)));
    return callTable(() => this.joinDays(tag, from, to, readOpen));
  }

  /**
   * The visits of all tags together by day, as `readDays` tells those of one.
   * @throws TableUnavailableError
   */
  readTotalDays(from: Day, to: Day): Promise<DayVisits[]> {
    const readOpen = async () => openDaysOf(await this.readItem(this.tables.counts, counterId));
    return callTable(() => this.joinDays(counterId, from, to, readOpen));
  }

  /** Open days are read before the ended ones and again after them: one that ended in between is in neither, or in both. */
  private async joinDays(
    id: string,
    from: Day,
    to: Day,
    readOpen: () => Promise<OpenDays>,
  ): Promise<DayVisits[]> {
    let open = await readOpen();
    for (;;) {
      const closedDays = await this.readClosedDays(id, from, to);
      const openAfter = await readOpen();
      if (open.turns === openAfter.turns) return addDayVisits(closedDays, openAfter.visits, from, to);
      open = openAfter;
    }
  }

  private async readItem(table: string, id: string): Promise<Record<string, AttributeValue> | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: table, Key: tagKey(id), ConsistentRead: true }),
    );
    return Item;
  }

  private async readClosedDays(id: string, from: Day, to: Day): Promise<Map<string, number>> {
    const visits = new Map<string, number>();
    let next: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(
        new QueryCommand({
          TableName: this.tables.days,
          KeyConditionExpression: 'ID = :id AND #day BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#day': 'Day' },
          ExpressionAttributeValues: { ':id': { S: id }, ':from': { S: from }, ':to': { S: to } },
          ConsistentRead: true,
          ExclusiveStartKey: next,
        }),
      );
      for (const { Day, Visits } of Items) if (Day?.S !== undefined) visits.set(Day.S, Number(Visits?.N));
      next = LastEvaluatedKey;
    } while (next);
    return visits;
  }

  private updateRow({ tag, from, to }: Move): TransactWriteItem {
    const common = { TableName: this.tables.totals, Item: { ID: { S: tag }, ...writeRow(to) } };
    if (!from) return { Put: { ...common, ConditionExpression: 'attribute_not_exists(ID)' } };
    return {
      Put: {
        ...common,
        ConditionExpression: '#sequence = :sequence AND #stream = :stream',
        ExpressionAttributeNames: { '#sequence': 'Sequence', '#stream': 'Stream' },
        ExpressionAttributeValues: {
          ':sequence': { S: from.position.sequence },
          ':stream': { S: from.position.stream },
        },
      },
    };
  }

  /** Added, not set: a record whose time lies before midnight may come after one whose time lies past it. */
  private addDays({ tag, closedDays }: Move): TransactWriteItem[] {
    return [...closedDays].map(([day, visits]) => ({
      Update: {
        TableName: this.tables.days,
        Key: dayKey(tag, day),
        UpdateExpression: 'ADD Visits :visits',
        ExpressionAttributeValues: { ':visits': { N: `${visits}` } },
      },
    }));
  }
}

function addUp(moves: readonly Move[]): CounterMove {
  const sum = { difference: 0, imageDifference: 0, visitsByDay: new Map<string, number>() };
  for (const { difference, imageDifference, visitsByDay } of moves) {
    sum.difference += difference;
    sum.imageDifference += imageDifference;
    for (const [day, visits] of visitsByDay)
      sum.visitsByDay.set(day, (sum.visitsByDay.get(day) ?? 0) + visits);
  }
  return sum;
}
