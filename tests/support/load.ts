import { forEachAtOnce, getJson, send } from './http';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from './runner';

const tagCount = 50;
export const atOnce = 32;

/** The numbers of visits by tag. */
export interface Tally {
  /** Visits that were answered with 2xx. */
  acknowledged: Map<string, number>;
  /** All visits that were sent. */
  sent: Map<string, number>;
}

interface Counts {
  count: number;
  total: number;
}

/**
 * Sends visits of 50 tags, 32 at once, half to the web API and half to the beacon API.
 * @param findUrl returns the address for the n-th visit
 */
async function sendVisits(visitCount: number, findUrl: (visit: number) => Promise<string>): Promise<Tally> {
  const tally: Tally = { acknowledged: new Map(), sent: new Map() };
  const visits = Array.from({ length: visitCount }, (_, visit) => visit);
  await forEachAtOnce(visits, atOnce, async (visit) => {
    const tag = `page/${visit % tagCount}`;
    const url = await findUrl(visit);
    add(tally.sent, tag);
    const isGet = Math.floor(visit / tagCount) % 2 === 0;
    try {
      const answer = await (isGet
        ? send(url, `/tags/${tag}`)
        : send(url, `/visits?tag=${encodeURIComponent(tag)}`, { method: 'POST' }));
      if (answer.status >= 200 && answer.status < 300) add(tally.acknowledged, tag);
    } catch {
      // The runner was killed during the call, so the visit was not acknowledged.
    }
  });
  return tally;
}

function add(counts: Map<string, number>, tag: string): void {
  counts.set(tag, (counts.get(tag) ?? 0) + 1);
}

export function sumOf(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, count) => sum + count, 0);
}

/** Sends visits, and expects each to be counted once and the total to reach their sum. */
export async function expectEachCountedOnce(visitCount: number): Promise<void> {
  const { url } = await startRunnerProcess(makeFolder(), { application: 'visits' });
  const { acknowledged } = await sendVisits(visitCount, () => Promise.resolve(url));
  expect(sumOf(acknowledged)).toBe(visitCount);
  for (const [tag, expected] of acknowledged) {
    expect([tag, (await getJson<Counts>(url, `/counts/${tag}`)).count]).toEqual([tag, expected]);
  }
  const total = async () => (await getJson<Counts>(url, '/counts/page/0')).total;
  await waitFor(async () => (await total()) >= visitCount, total);
  expect(await total()).toBe(visitCount);
}

/**
 * Kills the runner halfway through the visits and starts it again. Expects that no acknowledged visit is lost and that none
 * is counted twice.
 */
export async function expectNoneLostByKill(visitCount: number): Promise<void> {
  const folder = makeFolder();
  const killed = await startRunnerProcess(folder, { application: 'visits' });
  let restarted: Promise<RunnerProcess> | undefined;
  const tally = await sendVisits(visitCount, async (visit) => {
    if (visit === visitCount / 2) {
      restarted = killed.end('SIGKILL').then(() => startRunnerProcess(folder, { application: 'visits' }));
      return killed.url; // The runner is being killed.
    }
    return (await restarted)?.url ?? killed.url;
  });

  const runner = await restarted;
  expect(runner?.output()).toMatch(/cleared +\d+ processes/);
  await expectCounted(runner?.url ?? '', tally);
  expect(sumOf(tally.acknowledged)).toBeGreaterThanOrEqual(visitCount - atOnce);
}

async function expectCounted(url: string, { acknowledged, sent }: Tally): Promise<void> {
  for (const [tag, most] of sent) {
    const { count } = await getJson<Counts>(url, `/counts/${tag}`);
    // A visit whose answer was lost in the kill may or may not have been counted.
    expect(count).toBeGreaterThanOrEqual(acknowledged.get(tag) ?? 0);
    expect(count).toBeLessThanOrEqual(most);
  }
}
