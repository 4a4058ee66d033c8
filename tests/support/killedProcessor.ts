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
 * Kills the stream processor at least so many times while visits are counted, and at least once at work. Expects the total
 * and the days to be the sum of the counts afterwards.
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

/** Kills one process of the stream processor after the other. */
async function killProcessors(dataFolder: string, isEnough: (killed: number) => boolean): Promise<void> {
  for (let killed = 0; !isEnough(killed);) {
    const [processor] = await waitFor(() => {
      const found = findProcessors(dataFolder);
      return found.length > 0 && found;
    });
    // While it loads, waits, reads, writes or answers: any of these.
    await delay(Math.random() * 1_200);
    if (!processor || !findProcessors(dataFolder).includes(processor)) continue;
    process.kill(processor, 'SIGKILL');
    killed += 1;
  }
}

/** The ids of the stream processor's processes; the built code may lie outside the data folder. */
function findProcessors(dataFolder: string): number[] {
  return listProcesses()
    .filter(
      ({ argv }) =>
        argv.some((part) => part.startsWith(`${dataFolder}/`)) &&
        argv.some((part) => part.includes('/StreamProcessorFunction/')),
    )
    .map(({ pid }) => pid);
}

/** Sends visits until `killing` has ended, each of which has to be acknowledged. @returns how many, by tag */
async function visitWhile(url: string, killing: Promise<void>): Promise<Map<string, number>> {
  let isOver = false;
  const ended = killing.finally(() => (isOver = true));
  let visits = 0;
  const visitNumbers = (function* () {
    // `killing` ends meanwhile, which the compiler cannot see.
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
