import { startEngine } from '../../local/engine/engine';
import { endAll, endLater } from '../../tests/support/cleanup';
import { getJson } from '../../tests/support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../../tests/support/runner';
import { startLimiter } from './limiter';
import { isCounted, offerVisits, type Outcome } from './offer';

/**
 * `npm run bench:hot-tag`: ten times as many visits of one tag as an item can take, and ten other tags beside it, against
 * `npm start` with a limiter before the engine. Limit and offer are both a two-hundredth of DynamoDB's. For comparison, as
 * many visits are first spread over tags that can take them.
 */
const scale = 200;
const limitPerSecond = 1_000 / scale;
const offeredPerSecond = 10_000 / scale;
const seconds = 20;
const spread = Array.from({ length: offeredPerSecond }, (_, index) => `spread-${index}`);
const others = Array.from({ length: 10 }, (_, index) => `other-${index}`);

interface Counts {
  count: number;
  total: number;
}

async function main(): Promise<void> {
  const engine = await startEngine();
  endLater(() => engine.stop());
  const limiter = await startLimiter(engine.endpoint, limitPerSecond);
  const env = { AWS_ENDPOINT_URL_DYNAMODB: limiter.endpoint };
  const { url } = await startRunnerProcess(makeFolder(), { env });
  const oneASecond = (tags: string[]) => tags.map((tag) => [tag, 1] as const);
  const warmUp = await offerVisits(url, { perSecond: new Map(oneASecond(spread)), seconds: 3 });

  const calm = await offerVisits(url, { perSecond: new Map(oneASecond([...spread, ...others])), seconds });
  limiter.attempts.clear();
  const all = await offerVisits(url, {
    perSecond: new Map([['hot', offeredPerSecond], ...oneASecond(others)]),
    seconds,
  });
  const hot = all.filter(({ tag }) => tag === 'hot');
  const beside = all.filter(({ tag }) => tag !== 'hot');
  const counted = hot.filter(isCounted);
  const refused = hot.filter(({ status }) => status === 503);
  const { count } = await getJson<Counts>(url, '/counts/hot');

  const acknowledged = [...warmUp, ...calm, ...all].filter(isCounted).length;
  const readTotal = async () => (await getJson<Counts>(url, '/counts/hot')).total;
  await waitFor(async () => (await readTotal()) === acknowledged, 30_000, readTotal);

  const attempts = limiter.attempts.get('hot') ?? 0;
  const rows: [string, string | number][] = [
    ['one tag: limit, offered a second', `${limitPerSecond}, ${offeredPerSecond} (DynamoDB's, by ${scale})`],
    ['offered in all', hot.length],
    ['answered 200 or 204', counted.length],
    ['its count', count],
    ['answered 503 with Retry-After', refused.filter(({ retryAfter }) => retryAfter !== undefined).length],
    ['answered otherwise', hot.length - counted.length - refused.length],
    ['attempts at the table, for each visit', (attempts / hot.length).toFixed(2)],
    ['refused attempts, for each refused visit', ((attempts - counted.length) / refused.length).toFixed(2)],
    ['a refused visit took, half and 95 %', describeTimes(refused)],
    ['other tags: offered, counted', `${beside.length}, ${beside.filter(isCounted).length}`],
    [
      'they took, half and 95 %, where all was spread',
      describeTimes(calm.filter(({ tag }) => others.includes(tag))),
    ],
    ['and beside the hot tag', describeTimes(beside)],
    ['visits acknowledged in all, total', `${acknowledged}, ${await readTotal()}`],
  ];
  console.log('|  |  |\n|---|---:|');
  for (const [name, value] of rows) console.log(`| ${name} | ${value} |`);
}

function describeTimes(outcomes: Outcome[]): string {
  const times = outcomes.map(({ tookMs }) => tookMs).sort((one, other) => one - other);
  const at = (share: number) => (times[Math.floor(share * times.length)] ?? 0).toFixed(0);
  return `${at(0.5)} ms, ${at(0.95)} ms`;
}

main()
  .finally(endAll)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
