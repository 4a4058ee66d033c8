import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { dayBefore, putItems } from '../support/owner';

/** A tag that has been visited for more than a year, and a total to match. */
export const oldTag = { name: 'blog/first-post', count: 31_337, total: 1_048_576 };

/** Further tags, with how many visits they get on a good day. */
const tags: [tag: string, count: number, aDay: number][] = [
  ['docs/getting-started', 18_204, 130],
  ['docs/moved', 2_310, 75],
  ['blog/why-counts-drift', 9_876, 210],
  ['README', 6_480, 55],
  ['shop/umbrella-yellow', 1_207, 40],
  ['about', 512, 12],
  ['blog/a-very-long-title-that-nobody-shortened-before-it-went-out-into-the-world', 77, 6],
];

/** Writes the tables of a runner as if it had counted for a year, until a moment ago. */
export async function writeHistory(table: DynamoDBClient, nowMs: number, owner: string): Promise<void> {
  const all: typeof tags = [[oldTag.name, oldTag.count, 90], ...tags];
  // The rows first: the stream then finds the counts applied.
  const today = dayBefore(nowMs, 0);
  const row = { Stream: '', Sequence: '1', Day: today, Turns: 0 };
  const rows = all.map(([ID, Reading, aDay]) => ({ ID, Reading, Opening: Reading - aDay, ...row }));
  const visitsToday = all.reduce((sum, [, , aDay]) => sum + aDay, 0);
  await putItems(table, 'TotalsTable', rows);
  const counts = all.map(([ID, Count]) => ({
    ...{ ID, Count },
    ...(ID === 'docs/moved' ? { Start: 48_250, StartOrigin: 'GoatCounter, until August' } : {}),
  }));
  await putItems(table, 'DynamoDBTable', [
    ...counts,
    { ID: 'COUNTER', TotalViews: oldTag.total, Exact: true, [`Day:${today}`]: visitsToday },
  ]);
  const days = [...all, ['COUNTER', 0, 620] as const].flatMap(([ID, , aDay], place) =>
    Array.from({ length: ID === oldTag.name || ID === 'COUNTER' ? 400 : 31 }, (_, index) => ({
      ID,
      Day: dayBefore(nowMs, index + 1),
      Visits: visitsOf(index, aDay, place),
    })),
  );
  await putItems(table, 'DaysTable', days);
  const change = { Log: 'tags', By: owner };
  await putItems(table, 'ChangesTable', [
    {
      ...change,
      ...{ At: `${dayBefore(nowMs, 2)}T09:30:00.000Z a`, Deed: 'setStart', Tag: 'docs/moved' },
      ...{ Start: 48_250, Origin: 'GoatCounter, until August' },
    },
    {
      ...change,
      ...{ At: `${dayBefore(nowMs, 1)}T16:05:00.000Z b`, Deed: 'delete', Tag: 'wp-login.php', Count: 342 },
    },
  ]);
}

/** Weeks that swell and ebb, and now and then a day without a visit. */
function visitsOf(index: number, aDay: number, place: number): number {
  if (index % 11 === 5 && aDay < 300) return 0;
  const swell =
    60 * Math.sin(index / (9 - place) + 2 * place) - 45 * Math.cos(((index + place) * Math.PI) / 3.5);
  return Math.max(0, Math.round(aDay * (1 + swell / 150)));
}
