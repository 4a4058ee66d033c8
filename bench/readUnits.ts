import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { lastDays } from '../src/days/dayRange';
import { TopTags } from '../src/reports/topTags';
import { TotalsStore } from '../src/ledger/totalsStore';
import { formatTagsAsCsv } from '../src/reports/tagCsv';
import { cutPage } from '../src/reports/tagList';
import { scanTags } from '../src/reports/tagScan';
import { endAll } from '../tests/support/cleanup';
import { startTestEngine } from '../tests/support/engine';
import { startEngineTables } from '../tests/support/engineTables';
import { dayBefore, putItems } from '../tests/support/owner';

/**
 * Read units, as `ReturnConsumedCapacity` tells them, and milliseconds of the list of tags and of the most visited ones:
 * `npm run bench:read-units`. The engine runs on the same machine, so its own work is in the time.
 */
const sizes = [1_000, 10_000, 100_000];
const nowMs = Date.UTC(2026, 10, 21, 12);

/** A path of 30 characters, as many sites have them. */
const tagOf = (index: number) => `/blog/a-post-of-usual-le/${String(index).padStart(6, '0')}`;

let units = 0;

function countUnits(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity = [] } = result.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      units += [ConsumedCapacity].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      return result;
    },
    { step: 'initialize' },
  );
}

async function measure(name: string, act: () => Promise<unknown>): Promise<void> {
  await act();
  units = 0;
  const startMs = performance.now();
  await act();
  console.log(`${name}: ${units} read units, ${Math.round(performance.now() - startMs)} ms`);
}

async function measureList(): Promise<void> {
  const engine = await startEngineTables();
  countUnits(engine.client);
  try {
    for (const size of sizes) {
      const { counts } = await engine.createTables(false);
      const items = Array.from({ length: size }, (_, index) => ({ ID: tagOf(index), Count: index * 7 }));
      await putItems(engine.client, counts, items);
      await measure(`list of ${size} tags, a page`, async () => {
        const { tags } = await scanTags(engine.client, counts);
        cutPage(tags, { prefix: '', limit: 50, after: undefined });
      });
      await measure(`list of ${size} tags, a file`, async () => {
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
  countUnits(client);
  const tables = { counts: 'DynamoDBTable', totals: 'TotalsTable', days: 'DaysTable' };
  const row = { Stream: '', Sequence: '1'.padEnd(40, '0'), Turns: 30, Opening: 100, Reading: 107 };
  const tags = Array.from({ length: size }, (_, index) => tagOf(index));
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
    await measure(`most visited of ${size} tags in ${days} days`, () => topTags.find(range, 10));
  }
}

async function main(): Promise<void> {
  await measureList();
  await measureTopTags(1_000);
  await measureTopTags(10_000);
  await endAll();
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
