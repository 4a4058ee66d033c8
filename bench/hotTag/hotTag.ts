import { startEngine } from '../../local/engine/engine';
import { endLater } from '../../tests/support/cleanup';
import { getJson } from '../../tests/support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../../tests/support/runner';
import { printProgress, runCommand } from '../command';
import { quantile } from '../statistics';
import { formatTable } from '../table';
import { startLimiter } from './limiter';
import { isCounted, offerVisits, type Outcome } from './offer';

const help = `npm run bench:hot-tag sends one tag ten times as many visits as its item can take, and a few visits to ten
other tags, through npm start with a limiter in front of the engine. Both the limit and the visits are 1/200 of DynamoDB's.
For comparison, the same visits are first spread over many tags. It takes about a minute and a half.
`;

/** Divides the limit of an item, 1,000 write units a second, and ten times as many visits. */
const scale = 200;
const limitPerSecond = 1_000 / scale;
const offeredPerSecond = 10_000 / scale;
const seconds = 20;
const warmUpSeconds = 3;
const spreadTags = Array.from({ length: offeredPerSecond }, (_, index) => `spread-${index}`);
const otherTags = Array.from({ length: 10 }, (_, index) => `other-${index}`);

interface Counts {
  count: number;
  total: number;
}

runCommand(help, {}, async () => {
  const engine = await startEngine();
  endLater(() => engine.stop());
  const limiter = await startLimiter(engine.endpoint, limitPerSecond);
  const env = { AWS_ENDPOINT_URL_DYNAMODB: limiter.endpoint };
  const { url } = await startRunnerProcess(makeFolder(), { env });
  const oneASecond = (tags: string[]) => tags.map((tag) => [tag, 1] as const);

  printProgress(`warm-up, for ${warmUpSeconds} s`);
  const warmUp = await offerVisits(url, {
    perSecond: new Map(oneASecond(spreadTags)),
    seconds: warmUpSeconds,
  });
  printProgress(`visits spread over ${spreadTags.length} tags, for ${seconds} s`);
  const spread = await offerVisits(url, {
    perSecond: new Map(oneASecond([...spreadTags, ...otherTags])),
    seconds,
  });
  printProgress(`visits to one hot tag, for ${seconds} s`);
  limiter.attempts.clear();
  const all = await offerVisits(url, {
    perSecond: new Map([['hot', offeredPerSecond], ...oneASecond(otherTags)]),
    seconds,
  });
  const hot = all.filter(({ tag }) => tag === 'hot');
  const other = all.filter(({ tag }) => tag !== 'hot');
  const counted = hot.filter(isCounted);
  const throttled = hot.filter(({ status }) => status === 503);
  const { count } = await getJson<Counts>(url, '/counts/hot');

  printProgress('waiting for the total');
  const acknowledged = [...warmUp, ...spread, ...all].filter(isCounted).length;
  const readTotal = async () => (await getJson<Counts>(url, '/counts/hot')).total;
  await waitFor(async () => (await readTotal()) === acknowledged, readTotal);

  const attempts = limiter.attempts.get('hot') ?? 0;
  const rows: [string, string | number][] = [
    [
      'hot tag: limit and visits, per second',
      `${limitPerSecond}, ${offeredPerSecond} (1/${scale} of DynamoDB's)`,
    ],
    ['visits sent', hot.length],
    ['answered 200 or 204', counted.length],
    ['count of the tag', count],
    ['answered 503 with Retry-After', throttled.filter(({ retryAfter }) => retryAfter !== undefined).length],
    ['other answers', hot.length - counted.length - throttled.length],
    ['writes attempted per visit', (attempts / hot.length).toFixed(2)],
    ['throttled writes per throttled visit', ((attempts - counted.length) / throttled.length).toFixed(2)],
    ['time of a throttled visit, p50 and p95', describeTimes(throttled)],
    ['other tags: visits sent and counted', `${other.length}, ${other.filter(isCounted).length}`],
    [
      'their time without a hot tag, p50 and p95',
      describeTimes(spread.filter(({ tag }) => otherTags.includes(tag))),
    ],
    ['their time with the hot tag, p50 and p95', describeTimes(other)],
    ['all visits counted, and the total', `${acknowledged}, ${await readTotal()}`],
  ];
  console.log(
    formatTable(
      ['', ''],
      rows.map(([name, value]) => [name, String(value)]),
    ),
  );
});

function describeTimes(outcomes: Outcome[]): string {
  const times = outcomes.map(({ tookMs }) => tookMs);
  return [0.5, 0.95].map((share) => `${quantile(times, share).toFixed(0)} ms`).join(', ');
}
