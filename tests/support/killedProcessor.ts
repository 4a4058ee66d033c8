import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses } from '../../local/engine/processes';
import { forEachAtOnce, getJson, send } from './http';
import { sumOf } from './load';
import { makeFolder, startRunnerProcess, waitFor } from './runner';

const tagCount = 20;
const atOnce = 2;

interface Counts {
  count: number;
  total: number;
  days: { day: string; visits: number }[];
}

/**
 * Kills the stream processor at least `kills` times while visits are counted, and at least once during an invocation.
 * Expects the total and the days to equal the sum of the counts afterwards.
 */
export async function expectExactTotalAfterKills(kills: number): Promise<void> {
  const dataFolder = makeFolder();
  const { url, output } = await startRunnerProcess(dataFolder, { application: 'visits' });
  const isEnough = (killed: number) => killed >= kills && output().includes('The process ended: SIGKILL');
  const acknowledged = await visitWhile(url, killProcessors(dataFolder, isEnough));

  const sum = sumOf(acknowledged);
  const total = async () => (await getJson<Counts>(url, '/counts/page-0')).total;
  await waitFor(async () => (await total()) >= sum, total);
  expect(await total()).toBe(sum);
  for (const [tag, expected] of acknowledged) {
    const { count, days } = await getJson<Counts>(url, `/counts/${tag}`);
    const inDays = days.reduce((all, day) => all + day.visits, 0);
    expect([tag, count, inDays]).toEqual([tag, expected, expected]);
  }
  expect(output()).not.toContain('gave a batch up');
}

/** Kills the processes of the stream processor one after another. */
async function killProcessors(dataFolder: string, isEnough: (killed: number) => boolean): Promise<void> {
  for (let killed = 0; !isEnough(killed);) {
    const [processor] = await waitFor(() => {
      const found = findProcessors(dataFolder);
      return found.length > 0 && found;
    });
    // The kill hits a random phase: loading, waiting, reading, writing or answering.
    await delay(Math.random() * 1_200);
    if (!processor || !findProcessors(dataFolder).includes(processor)) continue;
    process.kill(processor, 'SIGKILL');
    killed += 1;
  }
}

/** The ids of the stream processor's processes. Its built code may be outside the data folder. */
function findProcessors(dataFolder: string): number[] {
  return listProcesses()
    .filter(
      ({ argv }) =>
        argv.some((part) => part.startsWith(`${dataFolder}/`)) &&
        argv.some((part) => part.includes('/StreamProcessorFunction/')),
    )
    .map(({ pid }) => pid);
}

/** Sends visits until `killing` ends, and expects each to be acknowledged. @returns the number of visits by tag */
async function visitWhile(url: string, killing: Promise<void>): Promise<Map<string, number>> {
  let isOver = false;
  const ended = killing.finally(() => (isOver = true));
  let visits = 0;
  const visitNumbers = (function* () {
    // The compiler cannot see that `killing` changes this variable.
    while (!(isOver as boolean)) yield visits++;
  })();
  const acknowledged = new Map<string, number>();
  const visiting = forEachAtOnce(visitNumbers, atOnce, async (visit) => {
    const tag = `page-${visit % tagCount}`;
    const { status } = await send(url, `/visits?tag=${tag}`, { method: 'POST' });
    if (status === 204) acknowledged.set(tag, (acknowledged.get(tag) ?? 0) + 1);
  });
  await Promise.all([ended, visiting]);
  expect(sumOf(acknowledged)).toBe(visits);
  return acknowledged;
}
