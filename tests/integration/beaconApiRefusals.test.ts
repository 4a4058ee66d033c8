import { endAll } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { httpEvent } from '../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy';
import { startFunction, type TestFunction } from '../support/functions';

let engine: TestEngine;
let proxy: FaultyProxy;
let pixel: TestFunction;
let badge: TestFunction;

const overrides = { AllowedTags: 'blog/', AllowedOrigins: 'https://example.com' };

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  const behindProxy = { ...engine, endpoint: proxy.endpoint };
  pixel = await startFunction('PixelFunction', behindProxy, overrides);
  badge = await startFunction('BadgeFunction', behindProxy, overrides);
});

afterEach(() => {
  proxy.fault = 'none';
});

afterAll(endAll);

const open = (file: string, tag: string, headers: Record<string, string> = {}) =>
  httpEvent({
    route: `/${file}`,
    path: `/${file}`,
    query: `tag=${tag}`,
    headers: { referer: '', ...headers },
  });

async function countOf(tag: string): Promise<unknown> {
  return (await readCounts(engine.client))[tag]?.Count;
}

describe('The pixel', () => {
  it('counts only allowed tags', async () => {
    expect((await pixel.answer(open('pixel.gif', 'blog/a'))).statusCode).toBe(200);
    const refused = await pixel.answer(open('pixel.gif', 'other'));
    expect([refused.statusCode, refused.headers['content-type']]).toEqual([403, 'image/gif']);
    expect([await countOf('blog/a'), await countOf('other')]).toEqual([1, undefined]);
  });

  it.each<[string, Record<string, string>, number]>([
    ['an allowed page', { referer: 'https://example.com/blog/?q=1' }, 200],
    ['an allowed page with CORS', { origin: 'https://example.com', referer: 'https://example.net/' }, 200],
    ['an email or a page without a Referer', {}, 200],
    ['a page with a malformed Referer', { referer: 'nowhere' }, 200],
    ['another page', { referer: 'https://example.net/' }, 403],
    ['a page on a similar host', { referer: 'https://example.com.evil.net/' }, 403],
    ['another page with CORS', { origin: 'https://example.net' }, 403],
  ])('in %s is counted or refused according to AllowedOrigins', async (page, headers, status) => {
    const tag = `blog/${page.replaceAll(' ', '-')}`;
    const { statusCode, isBase64Encoded } = await pixel.answer(open('pixel.gif', tag, headers));
    expect([statusCode, isBase64Encoded]).toEqual([status, true]);
    expect(await countOf(tag)).toBe(status === 200 ? 1 : undefined);
  });

  it.each<[Fault, number | undefined]>([
    ['reset', undefined],
    ['loseReply', 1],
  ])('that meets the fault %s gets a 503 with the image and is not repeated', async (fault, countAfter) => {
    proxy.fault = fault;
    proxy.attempts = 0;
    const answer = await pixel.answer(open('pixel.gif', `blog/met-${fault}`));
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([503, 'image/gif']);
    expect(answer.headers).toHaveProperty('retry-after');
    expect(proxy.attempts).toBe(1);
    expect(await countOf(`blog/met-${fault}`)).toBe(countAfter);
  });
});

describe('The badge', () => {
  it('shows an error that must not be cached while the table is unreachable', async () => {
    proxy.fault = 'reset';
    const { statusCode, headers, body } = await badge.answer(open('badge.svg', 'blog/a'));
    expect([statusCode, headers['cache-control']]).toEqual([503, 'no-store']);
    expect(body).toContain(
      '<title>footfall: Footfall cannot reach its table. Try again in a few seconds.</title>',
    );
  });

  it('is read again after a throttle, because a repeated read is harmless', async () => {
    proxy.fault = 'throttleOnce';
    expect((await badge.answer(open('badge.svg', 'blog/a'))).statusCode).toBe(200);
  });

  it('shows tags outside AllowedTags too, because it counts no visits', async () => {
    expect((await badge.answer(open('badge.svg', 'other'))).statusCode).toBe(200);
  });
});
