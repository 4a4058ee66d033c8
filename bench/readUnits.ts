import { lastDays } from '../src/days/dayRange';
import { TopTags } from '../src/reports/topTags';
import { TotalsStore } from '../src/ledger/totalsStore';
import { formatTagsAsCsv } from '../src/reports/tagCsv';
import { cutPage } from '../src/reports/tagList';
import { scanTags } from '../src/reports/tagScan';
import { startTestEngine } from '../tests/support/engine';
import { startEngineTables } from '../tests/support/engineTables';
import { dayBefore, putItems } from '../tests/support/owner';
import { printProgress, runCommand } from './command';
import { countUnits, type UnitCounter } from './unitCounter';

const help = `npm run bench:read-units measures the list of tags and the most visited tags: read units, as
ReturnConsumedCapacity reports them, and milliseconds. The times include the engine, which runs on this machine.
It takes several minutes.
`;

const sizes = [1_000, 10_000, 100_000];
const nowMs = Date.UTC(2026, 10, 21, 12);

/** A path of 30 characters, a common length. */
const tagOf = (index: number) => `/blog/a-post-of-usual-le/${String(index).padStart(6, '0')}`;

/** Measures the second of two calls, which no longer opens connections. */
async function measure(name: string, counter: UnitCounter, act: () => Promise<unknown>): Promise<void> {
  await act();
  counter.take();
  const startMs = performance.now();
  await act();
  const elapsedMs = Math.round(performance.now() - startMs);
  console.log(`${name}: ${counter.take().read} read units, ${elapsedMs} ms`);
}

async function measureList(): Promise<void> {
  const engine = await startEngineTables();
  const counter = countUnits(engine.client);
  try {
    for (const size of sizes) {
      printProgress(`writing ${size} tags`);
      const { counts } = await engine.createTables(false);
      const items = Array.from({ length: size }, (_, index) => ({ ID: tagOf(index), Count: index * 7 }));
      await putItems(engine.client, counts, items);
      await measure(`list of ${size} tags, a page`, counter, async () => {
        const { tags } = await scanTags(engine.client, counts);
        cutPage(tags, { prefix: '', limit: 50, after: undefined });
      });
      await measure(`list of ${size} tags, as CSV`, counter, async () => {
        const { tags } = await scanTags(engine.client, counts);
        formatTagsAsCsv(cutPage(tags, { prefix: '', limit: 10_000, after: undefined }));
      });
    }
  } finally {
    await engine.stop();
  }
}

/** Each tag was visited today and on each of the thirty days before. */
async function measureTopTags(size: number): Promise<void> {
  const { client } = await startTestEngine();
  const counter = countUnits(client);
  const tables = { counts: 'DynamoDBTable', totals: 'TotalsTable', days: 'DaysTable' };
  const row = { Stream: '', Sequence: '1'.padEnd(40, '0'), Turns: 30, Opening: 100, Reading: 107 };
  const tags = Array.from({ length: size }, (_, index) => tagOf(index));
  printProgress(`writing 30 days of ${size} tags`);
  await putItems(
    client,
    tables.totals,
    tags.map((ID) => ({ ID, ...row, Day: dayBefore(nowMs, 0) })),
  );
  for (let day = 1; day < 30; day += 1) {
    const items = tags.map((ID, index) => ({ ID, Day: dayBefore(nowMs, day), Visits: (index * day) % 97 }));
    await putItems(client, tables.days, items);
  }
  const topTags = new TopTags(client, tables, new TotalsStore(client, tables));
  for (const days of [1, 7, 30]) {
    const range = lastDays(days, nowMs);
    await measure(`most visited of ${size} tags, ${days}-day range`, counter, () => topTags.find(range, 10));
  }
}

runCommand(help, {}, async () => {
  await measureList();
  await measureTopTags(1_000);
  await measureTopTags(10_000);
});
