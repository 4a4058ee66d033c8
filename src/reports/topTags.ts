import { paginateScan, QueryCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { callTable } from '../aws/dynamodb';
import { listDays } from '../days/day';
import { InvalidDayRangeError, type DayRange } from '../days/dayRange';
import type { DayVisits } from '../ledger/dayVisits';
import { openDayOf, readRow } from '../ledger/row';
import type { TotalsStore, TotalsTables } from '../ledger/totalsStore';
import { readInteger, readText } from '../tables/attributes';
import { counterId } from '../tables/keys';

/** A tag with its visits in a range of days. */
export interface TopTag {
  tag: string;
  visits: number;
  days: DayVisits[];
}

/** The ranges that the list offers, in days. Each day is a query. */
export const topRanges = [1, 7, 30];

/**
 * Parses the number of days.
 * @throws InvalidDayRangeError
 */
export function parseTopDays(text: string | undefined): number {
  const days = topRanges.find((range) => String(range) === (text ?? '7'));
  if (days !== undefined) return days;
  throw new InvalidDayRangeError(`\`top\` must be one of ${topRanges.join(', ')}.`);
}

/** The index of DaysTable with a partition a day, sorted by visits. */
const indexName = 'ByDay';
/** The number of most visited tags that are read for each day. */
const tagsADay = 1_000;
/** Parallel queries. */
const queriesAtOnce = 8;
/** Candidates beyond the wanted number: exact counts may change their order. */
const spareTags = 5;

/**
 * Finds the most visited tags of a range of days. The index has the top tags of each ended day; an open day is on its
 * tag's row, so the rows are scanned. The visits shown are the sum of each found tag's days. A tag that is never among
 * the thousand most visited of an ended day may be missed.
 */
export class TopTags {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tables: TotalsTables,
    private readonly totalsStore: TotalsStore,
  ) {}

  /** @throws TableUnavailableError */
  async find(range: DayRange, wanted: number): Promise<TopTag[]> {
    const visits = await this.scanOpenDays(range);
    await eachOf(listDays(range.from, range.to), queriesAtOnce, async (day) => {
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

  private scanOpenDays({ from, to }: DayRange): Promise<Map<string, number>> {
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
    return Items.map((item) => ({ tag: readText(item, 'ID'), visits: readInteger(item, 'Visits') })).filter(
      ({ tag }) => tag !== counterId,
    );
  }
}

/** Runs `act` for each value, up to `atOnce` at the same time. */
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
