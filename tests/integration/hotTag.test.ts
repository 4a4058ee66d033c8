import { startLimiter, type Limiter } from '../../bench/hotTag/limiter';
import { isCounted, offerVisits, type Outcome } from '../../bench/hotTag/offer';
import { startEngine } from '../../local/engine/engine';
import { endAll, endLater } from '../support/cleanup';
import { getJson } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';

afterAll(endAll);

/** DynamoDB's limit of one item is 1,000 writes a second; here limit and offer are a hundredth of that or less. */
const limitPerSecond = 5;
const offeredPerSecond = 50;
const seconds = 4;
const others = ['other-1', 'other-2', 'other-3', 'other-4'];

interface Counts {
  count: number;
  total: number;
}

describe('One tag that is visited ten times as often as its item can be written', () => {
  let url: string;
  let limiter: Limiter;
  let hot: Outcome[];
  let beside: Outcome[];

  beforeAll(async () => {
    const engine = await startEngine();
    endLater(() => engine.stop());
    limiter = await startLimiter(engine.endpoint, limitPerSecond);
    const env = { AWS_ENDPOINT_URL_DYNAMODB: limiter.endpoint };
    ({ url } = await startRunnerProcess(makeFolder(), { application: 'visits', env }));
    const perSecond = new Map([['hot', offeredPerSecond], ...others.map((tag) => [tag, 1] as const)]);
    const outcomes = await offerVisits(url, { perSecond, seconds });
    hot = outcomes.filter(({ tag }) => tag === 'hot');
    beside = outcomes.filter(({ tag }) => tag !== 'hot');
  });

  const readCounts = (tag: string) => getJson<Counts>(url, `/counts/${tag}`);

  it('is refused what is too much with 503, and told when to come again', () => {
    const refused = hot.filter((outcome) => !isCounted(outcome));
    expect(refused.length).toBeGreaterThan(hot.length / 2);
    const answers = new Set(refused.map(({ status, retryAfter }) => `${status}, after ${retryAfter} s`));
    expect([...answers]).toEqual(['503, after 5 s']);
  });

  it('counts each visit that was acknowledged, and none that was refused', async () => {
    expect((await readCounts('hot')).count).toBe(hot.filter(isCounted).length);
  });

  it('is asked of the table three times at most for each visit', () => {
    expect(limiter.attempts.get('hot')).toBeLessThanOrEqual(3 * hot.length);
  });

  it('keeps no visit of another tag from being counted', async () => {
    expect(beside.filter(isCounted)).toHaveLength(beside.length);
    for (const tag of others) expect((await readCounts(tag)).count).toBe(seconds);
  });

  it('leaves the total the sum of the counts', async () => {
    const sum = hot.filter(isCounted).length + beside.length;
    const total = async () => (await readCounts('hot')).total;
    await waitFor(async () => (await total()) >= sum, total);
    expect(await total()).toBe(sum);
  });
});
