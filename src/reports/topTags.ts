import { paginateScan, QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { InvalidDayRangeError } from '../days/dayRange';
import { counterId } from '../tags/tag';
import { listRange, type DayVisits } from '../ledger/days';
import { openDayOf, readRow } from '../ledger/row';
import type { TotalsStore, TotalsTables } from '../ledger/totalsStore';

/** A tag with its visits in a range of days. */
export interface TopTag {
  tag: string;
  visits: number;
  days: DayVisits[];
}

/** How many days a list may be of: each of them is a query. */
export const topRanges = [1, 7, 30];

/**
 * Reads how many days a list shall be of.
 * @throws InvalidDayRangeError
 */
export function parseTopDays(text: string | undefined): number {
  const days = topRanges.find((range) => String(range) === (text ?? '7'));
  if (days !== undefined) return days;
  throw new InvalidDayRangeError(`The parameter top is one of ${topRanges.join(', ')} days.`);
}

/** DaysTable, a partition a day, by visits. */
const indexName = 'ByDay';
/** So many of each day's most visited tags are looked at. */
const tagsADay = 1_000;
/** Queries at once: a range has up to 31 days, and a Lambda of 256 MB no need of more. */
const queriesAtOnce = 8;
/** How many more than asked for have their days read, for their order may change by it. */
const spareTags = 5;

/**
 * Finds the most visited tags of a range of days. Ended days are read from the index by day, from the top of each; a day
 * that is still open stands on its tag's row, so the rows are scanned. What is shown is added up from each found tag's own
 * days. A tag that is not among the thousand most visited on any of its ended days may be missed.
 */
export class TopTags {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: TotalsTables,
    private readonly totalsStore: TotalsStore,
  ) {}

  /** @throws TableUnavailableError */
  async find(range: { from: string; to: string }, wanted: number): Promise<TopTag[]> {
    const visits = await this.scanOpenDays(range);
    await eachOf(listRange(range.from, range.to), queriesAtOnce, async (day) => {
      for (const found of await this.readTopOfDay(day))
        visits.set(found.tag, (visits.get(found.tag) ?? 0) + found.visits);
    });
    const candidates = [...visits]
      .sort(([, one], [, other]) => other - one)
      .slice(0, wanted + spareTags)
      .map(([tag]) => tag);
    const top: TopTag[] = [];
    await eachOf(candidates, queriesAtOnce, async (tag) => {
      const days = await this.totalsStore.readDays(tag, range.from, range.to);
      top.push({ tag, days, visits: days.reduce((sum, day) => sum + day.visits, 0) });
    });
    return top
      .filter((found) => found.visits > 0)
      .sort((one, other) => other.visits - one.visits || (one.tag < other.tag ? -1 : 1))
      .slice(0, wanted);
  }

  private scanOpenDays({ from, to }: { from: string; to: string }): Promise<Map<string, number>> {
    return callTable(async () => {
      const visits = new Map<string, number>();
      const pages = paginateScan(
        { client: this.client },
        {
          TableName: this.tables.totals,
          FilterExpression: '#day BETWEEN :from AND :to',
          ExpressionAttributeNames: { '#day': 'Day' },
          ExpressionAttributeValues: { ':from': { S: from }, ':to': { S: to } },
        },
      );
      for await (const { Items = [] } of pages) {
        for (const item of Items) {
          const open = [...openDayOf(readRow(item)).visits.values()][0] ?? 0;
          if (item.ID?.S !== undefined) visits.set(item.ID.S, open);
        }
      }
      return visits;
    });
  }

  private async readTopOfDay(day: string): Promise<{ tag: string; visits: number }[]> {
    const { Items = [] } = await callTable(() =>
      this.client.send(
        new QueryCommand({
          TableName: this.tables.days,
          IndexName: indexName,
          KeyConditionExpression: '#day = :day',
          ExpressionAttributeNames: { '#day': 'Day' },
          ExpressionAttributeValues: { ':day': { S: day } },
          ScanIndexForward: false,
          Limit: tagsADay,
        }),
      ),
    );
    return Items.flatMap(({ ID, Visits }) =>
      ID?.S === undefined || ID.S === counterId ? [] : [{ tag: ID.S, visits: Number(Visits?.N) }],
    );
  }
}

/** Does something with each, some of them at once. */
async function eachOf<Value>(
  values: readonly Value[],
  atOnce: number,
  act: (value: Value) => Promise<void>,
): Promise<void> {
  const left = [...values];
  const work = async () => {
    for (let value = left.shift(); value !== undefined; value = left.shift()) await act(value);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
