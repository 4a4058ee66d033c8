import { endAll } from '../support/cleanup';
import { forEachAtOnce, getJson, send } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';

afterAll(endAll);

const tagCount = 50;
const visitCount = 5_000;
const atOnce = 32;

/** The tag of the n-th visit. */
const tagOf = (visit: number) => `page/${visit % tagCount}`;

interface Tally {
  /** Answered 2xx. */
  acknowledged: Map<string, number>;
  /** Sent, whatever became of them. */
  sent: Map<string, number>;
}

/** Sends visits, half by the web door and half by the page door, to where `findDoor` says. */
async function sendVisits(tally: Tally, findDoor: (visit: number) => Promise<string>): Promise<void> {
  const visits = Array.from({ length: visitCount }, (_, visit) => visit);
  await forEachAtOnce(visits, atOnce, async (visit) => {
    const tag = tagOf(visit);
    const url = await findDoor(visit);
    add(tally.sent, tag);
    const isGet = Math.floor(visit / tagCount) % 2 === 0;
    try {
      const answer = await (isGet
        ? send(url, `/tags/${tag}`)
        : send(url, `/visits?tag=${encodeURIComponent(tag)}`, { method: 'POST' }));
      if (answer.status >= 200 && answer.status < 300) add(tally.acknowledged, tag);
    } catch {
      // The runner was killed under it: nobody said that it was counted.
    }
  });
}

function add(counts: Map<string, number>, tag: string): void {
  counts.set(tag, (counts.get(tag) ?? 0) + 1);
}

const emptyTally = (): Tally => ({ acknowledged: new Map(), sent: new Map() });

interface Counts {
  count: number;
  total: number;
}

describe('5,000 visits of 50 tags, 32 at once, by both doors', () => {
  it('are each counted once, and the total is their sum within 5 s', async () => {
    const runner = await startRunnerProcess(makeFolder());
    const tally = emptyTally();
    await sendVisits(tally, () => Promise.resolve(runner.url));

    for (const [tag, expected] of tally.acknowledged) {
      expect([tag, (await getJson<Counts>(runner.url, `/counts/${tag}`)).count]).toEqual([tag, expected]);
    }
    expect([...tally.acknowledged.values()].reduce((sum, count) => sum + count)).toBe(visitCount);
    const total = async () => (await getJson<Counts>(runner.url, '/counts/page/0')).total;
    await waitFor(async () => (await total()) >= visitCount, 5_000, total);
    expect(await total()).toBe(visitCount);
  }, 120_000);

  it('with a kill -9 and a restart in the middle: no acknowledged one is lost, none is counted twice', async () => {
    const folder = makeFolder();
    let runner = await startRunnerProcess(folder);
    const tally = emptyTally();
    let restarted: Promise<void> | undefined;
    const { url } = runner;
    await sendVisits(tally, async (visit) => {
      if (visit === visitCount / 2) {
        restarted = runner.end('SIGKILL').then(async () => {
          runner = await startRunnerProcess(folder);
        });
        return url; // under the kill
      }
      await restarted;
      return runner.url;
    });

    expect(runner.url).not.toBe(url);
    expect(runner.output()).toMatch(/cleared +\d+ processes/);
    for (const [tag, sent] of tally.sent) {
      const { count } = await getJson<Counts>(runner.url, `/counts/${tag}`);
      // A visit whose answer the kill swallowed may have been counted or not.
      expect(count).toBeGreaterThanOrEqual(tally.acknowledged.get(tag) ?? 0);
      expect(count).toBeLessThanOrEqual(sent);
    }
    const acknowledged = [...tally.acknowledged.values()].reduce((sum, count) => sum + count);
    expect(acknowledged).toBeGreaterThanOrEqual(visitCount - atOnce);
  }, 180_000);
});
