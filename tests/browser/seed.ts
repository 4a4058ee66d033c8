import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dayBefore, putItems } from '../support/owner';

/** A tag with visits on more than a year of days. */
export const oldTag = { name: 'blog/first-post', count: 31_337 };

/** Tags, each with its visits on a typical day. */
const tags: [tag: string, perDay: number][] = [
  [oldTag.name, 70],
  ['docs/getting-started', 130],
  ['docs/moved', 75],
  ['blog/why-counts-drift', 210],
  ['README', 55],
  ['shop/umbrella-yellow', 40],
  ['about', 12],
  ['blog/a-very-long-title-that-nobody-shortened-before-it-went-out-into-the-world', 6],
];

const daysBefore = 400;

/**
 * Fills a runner's tables as if it had counted visits for more than a year. The counts, days and total add up.
 * @returns the total
 */
export async function writeHistory(table: DynamoDBClient, nowMs: number, owner: string): Promise<number> {
  const all = tags.map(([ID, perDay], place) => {
    const days = Array.from({ length: daysBefore }, (_, index) => visitsOf(index, perDay, place));
    const sum = perDay + days.reduce((visits, day) => visits + day, 0);
    return { ID, today: perDay, days, count: ID === oldTag.name ? oldTag.count : sum };
  });
  const addUp = (visitsIn: (tag: (typeof all)[number]) => number) =>
    all.reduce((sum, tag) => sum + visitsIn(tag), 0);
  const total = addUp(({ count }) => count);
  // The rows come first, so that the stream's consumer finds the counts already applied.
  const today = dayBefore(nowMs, 0);
  const row = { Stream: '', Sequence: '1', Day: today, Turns: 0 };
  const rows = all.map(({ ID, count, today: open }) => ({
    ID,
    Reading: count,
    Opening: count - open,
    ...row,
  }));
  await putItems(table, 'TotalsTable', rows);
  const counts = all.map(({ ID, count }) => ({
    ...{ ID, Count: count },
    ...(ID === 'docs/moved' ? { Start: 48_250, StartOrigin: 'GoatCounter, until August' } : {}),
  }));
  await putItems(table, 'DynamoDBTable', [
    ...counts,
    { ID: 'COUNTER', TotalViews: total, Exact: true, [`Day:${today}`]: addUp((tag) => tag.today) },
  ]);
  const totalDays = Array.from({ length: daysBefore }, (_, index) => addUp(({ days }) => days[index] ?? 0));
  const days = [...all, { ID: 'COUNTER', days: totalDays }].flatMap((tag) =>
    tag.days.map((Visits, index) => ({ ID: tag.ID, Day: dayBefore(nowMs, index + 1), Visits })),
  );
  await putItems(table, 'DaysTable', days);
  const change = { Log: 'tags', By: owner };
  await putItems(table, 'ChangesTable', [
    {
      ...change,
      ...{ At: `${dayBefore(nowMs, 2)}T09:30:00.000Z a`, Action: 'setStart', Tag: 'docs/moved' },
      ...{ Start: 48_250, Origin: 'GoatCounter, until August' },
    },
    {
      ...change,
      ...{ At: `${dayBefore(nowMs, 1)}T16:05:00.000Z b`, Action: 'delete', Tag: 'wp-login.php', Count: 342 },
    },
  ]);
  return total;
}

/** Visits that rise and fall over the weeks, with an occasional day without visits. */
function visitsOf(index: number, perDay: number, place: number): number {
  if (index % 11 === 5 && perDay < 100) return 0;
  const change =
    60 * Math.sin(index / (9 - place) + 2 * place) - 45 * Math.cos(((index + place) * Math.PI) / 3.5);
  return Math.max(0, Math.round(perDay * (1 + change / 150)));
}
