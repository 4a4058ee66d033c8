import { listProcesses } from '../../local/engine/processes';
import { endAll } from '../support/cleanup';
import { forEachAtOnce, getJson, send } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';

afterAll(endAll);

const kills = 20;
const tagCount = 20;
const atOnce = 2;

interface Counts {
  count: number;
  total: number;
  days: { day: string; visits: number }[];
}

it(`The total is the sum of the counts after the processor was killed ${kills} times under load`, async () => {
  const dataFolder = makeFolder();
  const runner = await startRunnerProcess(dataFolder);
  const findProcessors = () =>
    listProcesses().filter(({ argv }) =>
      argv.some((part) => part.startsWith(`${dataFolder}/build/StreamProcessorFunction/`)),
    );

  let killed = 0;
  const killing = (async () => {
    while (killed < kills) {
      const [processor] = await waitFor(() => {
        const found = findProcessors();
        return found.length > 0 && found;
      }, 30_000);
      // While it loads, waits, reads, writes or answers, as it happens.
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 1_200));
      if (!processor || !findProcessors().some(({ pid }) => pid === processor.pid)) continue;
      process.kill(processor.pid, 'SIGKILL');
      killed += 1;
    }
  })();

  let visits = 0;
  const acknowledged = new Map<string, number>();
  // No end of its own: the load goes on for as long as there is killing.
  const visitNumbers = (function* () {
    while (killed < kills) yield visits++;
  })();
  await forEachAtOnce(visitNumbers, atOnce, async (visit) => {
    const tag = `page-${visit % tagCount}`;
    const { status } = await send(runner.url, `/visits?tag=${tag}`, { method: 'POST' });
    if (status === 204) acknowledged.set(tag, (acknowledged.get(tag) ?? 0) + 1);
  });
  await killing;

  const sum = [...acknowledged.values()].reduce((all, count) => all + count);
  expect(sum).toBe(visits);
  const total = async () => (await getJson<Counts>(runner.url, '/counts/page-0')).total;
  await waitFor(async () => (await total()) >= sum, 30_000, total);
  expect(await total()).toBe(sum);
  for (const [tag, expected] of acknowledged) {
    const { count, days } = await getJson<Counts>(runner.url, `/counts/${tag}`);
    const inDays = days.reduce((all, day) => all + day.visits, 0);
    expect([tag, count, inDays]).toEqual([tag, expected, expected]);
  }
  expect(runner.output()).not.toContain('gave a batch up');
  // Not only idle ones were killed.
  expect(runner.output()).toContain('The process ended: SIGKILL');
}, 180_000);
