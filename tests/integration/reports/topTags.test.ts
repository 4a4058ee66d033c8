import { parseDayRange } from '../../../src/days/dayRange';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { writeRow } from '../../../src/ledger/row';
import { TopTags } from '../../../src/reports/topTags';
import { TotalsStore } from '../../../src/ledger/totalsStore';
import { scanTags } from '../../../src/reports/tagScan';
import { endAll } from '../../support/cleanup';
import { startTestEngine, type TestEngine } from '../../support/engine';

const tables = { counts: 'DynamoDBTable', totals: 'TotalsTable', days: 'DaysTable' };

let engine: TestEngine;
let topTags: TopTags;

beforeAll(async () => {
  engine = await startTestEngine();
  topTags = new TopTags(engine.client, tables, new TotalsStore(engine.client, tables));
  await put('DaysTable', [
    { ID: '/blog', Day: '2026-11-18', Visits: 5 },
    { ID: '/blog', Day: '2026-11-19', Visits: 1 },
    { ID: '/shop', Day: '2026-11-19', Visits: 4 },
    { ID: '/old', Day: '2026-11-01', Visits: 900 },
    { ID: '/fixed', Day: '2026-11-19', Visits: -3 },
    { ID: 'COUNTER', Day: '2026-11-19', Visits: 1_000 },
  ]);
  const row = (day: string, reading: number, opening: number) =>
    writeRow({ reading, opening, day, turns: 1, position: { stream: '', sequence: '1' } });
  await putRaw('TotalsTable', [
    { ID: { S: '/shop' }, ...row('2026-11-21', 20, 15) },
    { ID: { S: '/blog' }, ...row('2026-11-20', 9, 7) },
    { ID: { S: '/idle' }, ...row('2026-10-01', 50, 0) },
  ]);
});
afterAll(endAll);

type Items = NonNullable<BatchWriteItemCommand['input']['RequestItems']>[string];
const putRaw = (table: string, items: NonNullable<NonNullable<Items[number]['PutRequest']>['Item']>[]) =>
  engine.client.send(
    new BatchWriteItemCommand({ RequestItems: { [table]: items.map((Item) => ({ PutRequest: { Item } })) } }),
  );
const put = (table: string, items: Record<string, string | number>[]) =>
  putRaw(
    table,
    items.map((item) => marshall(item)),
  );

it('adds up the closed days and the open day of each tag and lists the most visited tag first', async () => {
  const top = await topTags.find(parseDayRange({ from: '2026-11-15', to: '2026-11-21' }, 0), 10);
  expect(top.map(({ tag, visits }) => [tag, visits])).toEqual([
    ['/shop', 9],
    ['/blog', 8],
  ]);
  expect(top[1]?.days.map(({ visits }) => visits)).toEqual([0, 0, 0, 5, 1, 2, 0]);
});

it('lists the tags of a single day', async () => {
  const top = await topTags.find(parseDayRange({ from: '2026-11-21', to: '2026-11-21' }, 0), 10);
  expect(top.map(({ tag, visits }) => [tag, visits])).toEqual([['/shop', 5]]);
});

it('lists at most the requested number of tags', async () => {
  const top = await topTags.find(parseDayRange({ from: '2026-11-01', to: '2026-11-21' }, 0), 1);
  expect(top.map(({ tag, visits }) => [tag, visits])).toEqual([['/old', 900]]);
});

it('lists every tag of a table with many pages, including starting counts', async () => {
  const tags = Array.from({ length: 3_000 }, (_, index) => ({
    ID: `/${String(index).padStart(500, 'x')}`,
    Count: index,
    ...(index === 7 ? { Start: 100, StartOrigin: 'old site' } : {}),
  }));
  for (let start = 0; start < tags.length; start += 25)
    await put('DynamoDBTable', tags.slice(start, start + 25));
  await put('DynamoDBTable', [{ ID: 'COUNTER', TotalViews: 1 }]);
  const listed = await scanTags(engine.client, 'DynamoDBTable');
  expect(listed.isComplete).toBe(true);
  expect(listed.tags).toHaveLength(3_000);
  expect(listed.tags.find(({ count }) => count === 7)?.start).toBe(100);
  expect(listed.tags.find(({ count }) => count === 8)).not.toHaveProperty('start');
});
