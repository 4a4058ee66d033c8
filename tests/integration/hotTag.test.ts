import { startLimiter, type Limiter } from '../../bench/hotTag/limiter';
import { isCounted, offerVisits, type Outcome } from '../../bench/hotTag/offer';
import { startEngine } from '../../local/engine/engine';
import { endAll, endLater } from '../support/cleanup';
import { getJson } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';

afterAll(endAll);

/** DynamoDB's limit for one item is 1,000 writes a second. The test scales it down to 5, and the load to 50. */
const limitPerSecond = 5;
const offeredPerSecond = 50;
const seconds = 4;
const others = ['other-1', 'other-2', 'other-3', 'other-4'];

interface Counts {
  count: number;
  total: number;
}

describe('A tag with ten times as many visits as its item can take', () => {
  let url: string;
  let limiter: Limiter;
  let hot: Outcome[];
  let otherVisits: Outcome[];

  beforeAll(async () => {
    const engine = await startEngine();
    endLater(() => engine.stop());
    limiter = await startLimiter(engine.endpoint, limitPerSecond);
    const env = { AWS_ENDPOINT_URL_DYNAMODB: limiter.endpoint };
    ({ url } = await startRunnerProcess(makeFolder(), { application: 'visits', env }));
    const perSecond = new Map([['hot', offeredPerSecond], ...others.map((tag) => [tag, 1] as const)]);
    const outcomes = await offerVisits(url, { perSecond, seconds });
    hot = outcomes.filter(({ tag }) => tag === 'hot');
    otherVisits = outcomes.filter(({ tag }) => tag !== 'hot');
  });

  const readCounts = (tag: string) => getJson<Counts>(url, `/counts/${tag}`);

  it('answers the excess visits with a 503 and Retry-After', () => {
    const refused = hot.filter((outcome) => !isCounted(outcome));
    expect(refused.length).toBeGreaterThan(hot.length / 2);
    const answers = new Set(refused.map(({ status, retryAfter }) => `${status}, after ${retryAfter} s`));
    expect([...answers]).toEqual(['503, after 5 s']);
  });

  it('counts each acknowledged visit and no refused one', async () => {
    expect((await readCounts('hot')).count).toBe(hot.filter(isCounted).length);
  });

  it('causes at most three write attempts for each visit', () => {
    expect(limiter.attempts.get('hot')).toBeLessThanOrEqual(3 * hot.length);
  });

  it('does not affect the visits of other tags', async () => {
    expect(otherVisits.filter(isCounted)).toHaveLength(otherVisits.length);
    for (const tag of others) expect((await readCounts(tag)).count).toBe(seconds);
  });

  it('keeps the total equal to the sum of the counts', async () => {
    const sum = hot.filter(isCounted).length + otherVisits.length;
    const total = async () => (await readCounts('hot')).total;
    await waitFor(async () => (await total()) >= sum, total);
    expect(await total()).toBe(sum);
  });
});
