import { GetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from '../local/engine/processes';
import { buildForNode } from '../local/functions/bundle';
import { createTestClient } from '../tests/support/engine';
import { engineOf, makeFolder, startRunnerProcess } from '../tests/support/runner';
import type { LoadResult, LoadTask } from './load';
import { quantile } from './statistics';

export interface VisitOptions {
  seconds: number;
  /** Visits sent each second, one measurement of the lag for each rate. */
  rates: number[];
  progress: (line: string) => void;
}

export interface VisitResults {
  full: { atOnce: number; visitsPerSecond: number; p50Ms: number; p99Ms: number; failures: number };
  /** The time from a visit's answer until the total includes as many visits as were answered by then. */
  lag: {
    offeredPerSecond: number;
    answeredPerSecond: number;
    p50Ms: number;
    p99Ms: number;
    maxMs: number;
    failures: number;
  }[];
}

const atOnce = 32;
const tags = 50;
const pollMs = 20;
const maxLagMs = 60_000;

/** Measures visits through `npm start`. Each load gets a new runner with empty tables. */
export async function measureVisits(folder: string, options: VisitOptions): Promise<VisitResults> {
  const { seconds, rates, progress } = options;
  const loadFile = buildForNode(join(__dirname, 'load.ts'), join(folder, 'load.js'));
  const common = { connections: atOnce, seconds, tags };

  progress(`visits: full load, ${atOnce} at once, for ${seconds} s`);
  const { load } = await runLoad(loadFile, common);
  const { visitsPerSecond, p50Ms, p99Ms, failures } = load;
  const lag: VisitResults['lag'] = [];
  for (const rate of rates) {
    progress(`visits: ${rate} a second, for ${seconds} s`);
    lag.push({ offeredPerSecond: rate, ...measureLag(await runLoad(loadFile, { ...common, rate })) });
  }
  return { full: { atOnce, visitsPerSecond, p50Ms, p99Ms, failures }, lag };
}

/** The total at one time. */
interface TotalReading {
  atMs: number;
  total: number;
}

async function runLoad(
  loadFile: string,
  task: Omit<LoadTask, 'url'>,
): Promise<{ load: LoadResult; readings: TotalReading[] }> {
  const runner = await startRunnerProcess(makeFolder());
  const client = createTestClient(engineOf(runner));
  const child = fork(loadFile, { execArgv: [] });
  endWithUs(child);
  try {
    let load: LoadResult | undefined;
    const exited = once(child, 'exit');
    child.once('message', (result) => (load = result as LoadResult));
    child.send({ ...task, url: runner.url.replace(/\/$/, '') });
    const readings: TotalReading[] = [];
    const deadlineMs = Date.now() + task.seconds * 1_000 + maxLagMs;
    // Reads on until the total includes the last visit.
    while (!load || (readings.at(-1)?.total ?? 0) < load.answeredAtMs.length) {
      if (!load && child.exitCode !== null) throw new Error('The process that sends visits ended early.');
      if (Date.now() > deadlineMs)
        throw new Error(`The total did not catch up within ${maxLagMs / 1_000} s. ${runner.output()}`);
      readings.push({ total: await readTotal(client), atMs: performance.timeOrigin + performance.now() });
      await Promise.race([delay(pollMs), exited]);
    }
    return { load, readings };
  } finally {
    client.destroy();
    child.kill('SIGKILL');
    await runner.end('SIGTERM');
  }
}

async function readTotal(client: DynamoDBClient): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'DynamoDBTable', Key: { ID: { S: 'COUNTER' } } }),
  );
  return Number(Item?.TotalViews?.N ?? 0);
}

/** The n-th answered visit counts as included once the total is n. Visits that overtake each other cancel out. */
function measureLag({ load, readings }: { load: LoadResult; readings: TotalReading[] }) {
  let next = 0;
  const lags = load.answeredAtMs.map((answeredMs, index) => {
    while ((readings[next]?.total ?? Infinity) <= index) next += 1;
    return Math.max(0, (readings[next]?.atMs ?? NaN) - answeredMs);
  });
  return {
    answeredPerSecond: load.visitsPerSecond,
    p50Ms: quantile(lags, 0.5),
    p99Ms: quantile(lags, 0.99),
    maxMs: Math.max(...lags),
    failures: load.failures,
  };
}
