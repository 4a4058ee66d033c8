import {
  BatchGetItemCommand,
  GetItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import { callTable, createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { moveCounter, stateOfCounter, type CounterState } from './counter';
import { listDays, type DayVisits } from './days';
import type { Move, Row } from './fold';

import { readRow, writeRow } from './row';
import { counterId } from '../visits/tag';

/** The names of the three tables, as CloudFormation gave them. */
export interface TotalsTables {
  /** DynamoDBTable: the tags' counts and the grand total. */
  counts: string;
  /** TotalsTable: what has been applied of each tag. */
  totals: string;
  /** DaysTable: the days that ended. */
  days: string;
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
    const rows = new Map<string, Row>();
    let counter: CounterState = 'fresh';
    const tagsAtOnce = maxBatchGetKeys - 1;
    for (let start = 0; start < tags.length; start += tagsAtOnce) {
      const keys = tags.slice(start, start + tagsAtOnce).map((tag) => ({ ID: { S: tag } }));
      const { Responses = {}, UnprocessedKeys = {} } = await this.client.send(
        new BatchGetItemCommand({
          RequestItems: {
            [this.tables.totals]: { Keys: keys, ConsistentRead: true },
            [this.tables.counts]: { Keys: [{ ID: { S: counterId } }], ConsistentRead: true },
          },
        }),
      );
      if (Object.keys(UnprocessedKeys).length > 0) throw new UnreadKeysError('Rows were left unread.');
      for (const item of Responses[this.tables.totals] ?? []) {
        const row = readRow(item);
        if (row && item.ID?.S !== undefined) rows.set(item.ID.S, row);
      }
      counter = stateOfCounter(Responses[this.tables.counts]?.[0]);
    }
    return { rows, counter };
  }

  /**
   * Applies moves in one transaction, which holds only if none of their rows has moved since it was read.
   * @throws what DynamoDB threw; then it may have been applied or not, and only the rows can tell
   */
  async applyMoves(moves: readonly Move[], counter: CounterState): Promise<void> {
    const items = moves.flatMap((move) => [this.updateRow(move), ...this.addDays(move)]);
    const difference = moves.reduce((sum, move) => sum + move.difference, 0);
    const imageDifference = moves.reduce((sum, move) => sum + move.imageDifference, 0);
    const total = moveCounter(counter, difference, imageDifference);
    if (total)
      items.push({ Update: { TableName: this.tables.counts, Key: { ID: { S: counterId } }, ...total } });
    await this.client.send(new TransactWriteItemsCommand({ TransactItems: items }));
  }

  /**
   * A tag's visits by day, from the first to the last `YYYY-MM-DD`, both included.
   * The row is read before its days and again after them: a day that ended in between stands in neither or in both.
   * @throws TableUnavailableError
   */
  readDays(tag: string, from: string, to: string): Promise<DayVisits[]> {
    return callTable(async () => {
      let row = await this.readRow(tag);
      for (;;) {
        const closedDays = await this.readClosedDays(tag, from, to);
        const rowAfter = await this.readRow(tag);
        if (row?.turns === rowAfter?.turns) return listDays(closedDays, rowAfter, from, to);
        row = rowAfter;
      }
    });
  }

  private async readRow(tag: string): Promise<Row | undefined> {
    const { Item } = await this.client.send(
      new GetItemCommand({ TableName: this.tables.totals, Key: { ID: { S: tag } }, ConsistentRead: true }),
    );
    return readRow(Item);
  }

  private async readClosedDays(tag: string, from: string, to: string): Promise<Map<string, number>> {
    const visits = new Map<string, number>();
    let next: Record<string, AttributeValue> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(
        new QueryCommand({
          TableName: this.tables.days,
          KeyConditionExpression: 'ID = :tag AND #day BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#day': 'Day' },
          ExpressionAttributeValues: { ':tag': { S: tag }, ':from': { S: from }, ':to': { S: to } },
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
        Key: { ID: { S: tag }, Day: { S: day } },
        UpdateExpression: 'ADD Visits :visits',
        ExpressionAttributeValues: { ':visits': { N: `${visits}` } },
      },
    }));
  }
}

/** The store of the function that runs here, by the environment that the template gives it. */
export function openTotalsStore(): TotalsStore {
  return new TotalsStore(createClient(), tablesOfEnvironment());
}

/** @throws MissingEnvironmentVariableError */
export function tablesOfEnvironment(): TotalsTables {
  return {
    counts: requireVariable('TABLE_NAME'),
    totals: requireVariable('TOTALS_TABLE_NAME'),
    days: requireVariable('DAYS_TABLE_NAME'),
  };
}
