import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endWithUs } from '../local/engine/processes';
import { buildForNode } from '../local/functions/bundle';
import { endAll } from '../tests/support/cleanup';
import { credentials, region } from '../tests/support/engine';
import { makeFolder, startRunnerProcess } from '../tests/support/runner';
import type { LoadResult, LoadTask } from './load';
import { quantile } from './statistics';

export interface VisitOptions {
  seconds: number;
  /** Visits offered in a second, for the lag. */
  rates: number[];
  progress: (line: string) => void;
}

export interface VisitResults {
  full: { atOnce: number; visitsPerSecond: number; p50Ms: number; p99Ms: number; failures: number };
  /** From a visit's answer to the total that holds as many visits as had been answered by then. */
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
const lookAgainMs = 20;
const catchUpMs = 60_000;

/** Visits through `npm start`, a new one with empty tables for each load. */
export async function measureVisits(folder: string, options: VisitOptions): Promise<VisitResults> {
  const { seconds, rates, progress } = options;
  const loadFile = buildForNode(join(__dirname, 'load.ts'), join(folder, 'load.js'));
  const common = { connections: atOnce, seconds, tags };

  progress(`visits: as many as can be, ${atOnce} at once`);
  const { load } = await runLoad(loadFile, common);
  const { visitsPerSecond, p50Ms, p99Ms, failures } = load;
  const lag: VisitResults['lag'] = [];
  for (const rate of rates) {
    progress(`visits: ${rate} a second`);
    lag.push({ offeredPerSecond: rate, ...measureLag(await runLoad(loadFile, { ...common, rate })) });
  }
  return { full: { atOnce, visitsPerSecond, p50Ms, p99Ms, failures }, lag };
}

/** The total at a time, as it was read. */
interface Look {
  atMs: number;
  total: number;
}

async function runLoad(
  loadFile: string,
  task: Omit<LoadTask, 'url'>,
): Promise<{ load: LoadResult; looks: Look[] }> {
  try {
    const runner = await startRunnerProcess(makeFolder());
    const endpoint = /^ *engine +(\S+)/m.exec(runner.output())?.[1] ?? '';
    const client = new DynamoDBClient({ endpoint, region, credentials });
    const child = fork(loadFile, { execArgv: [] });
    endWithUs(child);
    const exited = once(child, 'exit');
    child.send({ ...task, url: runner.url.replace(/\/$/, '') });

    let load: LoadResult | undefined;
    const answered = once(child, 'message').then(([result]) => (load = result as LoadResult));
    const looks: Look[] = [];
    const deadlineMs = Date.now() + task.seconds * 1_000 + catchUpMs;
    // It may be the last look that sees the last visit.
    while (!load || (looks.at(-1)?.total ?? 0) < load.answeredAtMs.length) {
      if (Date.now() > deadlineMs) throw new Error(`The total did not catch up. ${runner.output()}`);
      looks.push({ total: await readTotal(client), atMs: performance.timeOrigin + performance.now() });
      await Promise.race([delay(lookAgainMs), exited]);
    }
    await answered;
    client.destroy();
    child.kill('SIGKILL');
    await exited;
    return { load, looks };
  } finally {
    await endAll();
  }
}

async function readTotal(client: DynamoDBClient): Promise<number> {
  const { Item } = await client.send(
    new GetItemCommand({ TableName: 'DynamoDBTable', Key: { ID: { S: 'COUNTER' } } }),
  );
  return Number(Item?.TotalViews?.N ?? 0);
}

/** The n-th visit that was answered is in the total once that is n: visits that overtake each other weigh out. */
function measureLag({ load, looks }: { load: LoadResult; looks: Look[] }) {
  let next = 0;
  const lags = load.answeredAtMs.map((answeredMs, index) => {
    while ((looks[next]?.total ?? Infinity) <= index) next += 1;
    return Math.max(0, (looks[next]?.atMs ?? NaN) - answeredMs);
  });
  return {
    answeredPerSecond: load.visitsPerSecond,
    p50Ms: quantile(lags, 0.5),
    p99Ms: quantile(lags, 0.99),
    maxMs: Math.max(...lags),
    failures: load.failures,
  };
}
