import { createHash } from 'node:crypto';
import { snippet, snippetIntegrity, snippetVersion } from '../../src/snippet/snippet';
import { endAll } from '../support/cleanup';
import { getJson } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor } from '../support/runner';

let url: string;

beforeAll(async () => {
  ({ url } = await startRunnerProcess(makeFolder()));
});

afterAll(endAll);

const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';
const pictures = 'image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5';

function call(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(new URL(path, url), { headers: { 'user-agent': browser, accept: pictures, ...headers } });
}

async function countOf(tag: string): Promise<number> {
  const { count } = await getJson<{ count: number }>(url, `/counts/${encodeURIComponent(tag)}`);
  return count;
}

async function titleOf(badge: Response): Promise<string | undefined> {
  return /<title>(.*)<\/title>/.exec(await badge.text())?.[1];
}

const embedded = {
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'cross-origin',
};

describe('GET /badge.svg', () => {
  it('shows the count of a tag without counting a visit, and may be cached for a minute', async () => {
    for (let visit = 0; visit < 3; visit++)
      await fetch(new URL('/visits?tag=/blog/', url), { method: 'POST' });
    for (const agent of [browser, 'github-camo (876de43e)', googlebot]) {
      const badge = await call('/badge.svg?tag=/blog/', { 'user-agent': agent });
      expect(badge.status).toBe(200);
      expect(Object.fromEntries(badge.headers)).toMatchObject({
        ...embedded,
        'content-type': 'image/svg+xml; charset=utf-8',
        'cache-control': 'public, max-age=60',
        'content-security-policy': "default-src 'none'; sandbox",
        etag: expect.stringMatching(/^"[\w-]{22}"$/) as unknown,
      });
      expect(await titleOf(badge)).toBe('visits: 3');
    }
    expect(await countOf('/blog/')).toBe(3);
  });

  it('shows 0 for a tag without visits and does not create it', async () => {
    expect(await titleOf(await call('/badge.svg?tag=unvisited'))).toBe('visits: 0');
    expect(await countOf('unvisited')).toBe(0);
  });

  it('shows the grand total when no tag is given', async () => {
    await fetch(new URL('/visits?tag=one-more', url), { method: 'POST' });
    const { total } = await waitFor(async () => {
      const counts = await getJson<{ total: number }>(url, '/counts/one-more');
      return counts.total >= 4 && counts;
    });
    expect(await titleOf(await call('/badge.svg'))).toBe(`visits: ${total}`);
  });

  it('answers 304 without a body to a known ETag until the count changes', async () => {
    const first = await call('/badge.svg?tag=kept');
    const etag = first.headers.get('etag') ?? '';
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await call('/badge.svg?tag=kept', { 'if-none-match': known });
      expect([again.status, await again.text()]).toEqual([304, '']);
      expect(again.headers.get('etag')).toBe(etag);
      expect(again.headers.get('cache-control')).toBe('public, max-age=60');
    }
    await fetch(new URL('/visits?tag=kept', url), { method: 'POST' });
    const changed = await call('/badge.svg?tag=kept', { 'if-none-match': etag });
    expect([changed.status, await titleOf(changed)]).toEqual([200, 'visits: 1']);
    expect(changed.headers.get('etag')).not.toBe(etag);
  });

  it.each([
    ['tag=', 'The tag is empty.'],
    ['tag=COUNTER', 'The tag COUNTER is reserved for the total.'],
    ['tag=a&color=chartreuse', '`color` must be a color such as blue or 4c1.'],
    ['tag=%ff', 'The address has broken percent-encoding.'],
  ])('draws the error in ?%s', async (query, sentence) => {
    const badge = await call(`/badge.svg?${query}`);
    expect(badge.status).toBe(400);
    expect(badge.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
    expect(badge.headers.get('cache-control')).toBe('no-store');
    expect(await titleOf(badge)).toBe(`footfall: ${sentence}`);
  });

  it('is readable by pages of other origins', async () => {
    const badge = await call('/badge.svg?tag=/blog/', { origin: 'https://example.com' });
    expect(badge.headers.get('access-control-allow-origin')).toBe('*');
  });
});

describe('GET /badge.json', () => {
  it('has the format that shields.io draws a badge from', async () => {
    const badge = await call('/badge.json?tag=/blog/&label=readers&color=green', {
      accept: 'application/json',
    });
    expect(badge.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await badge.json()).toEqual({
      schemaVersion: 1,
      label: 'readers',
      message: '3',
      color: '97ca00',
      labelColor: '555555',
      style: 'flat',
      cacheSeconds: 300,
    });
  });

  it('explains an error in a sentence', async () => {
    const badge = await call('/badge.json?tag=', { accept: '*/*' });
    expect([badge.status, await badge.json()]).toEqual([400, { message: 'The tag is empty.' }]);
  });
});

describe('GET /pixel.gif', () => {
  const transparentPixel = Buffer.from(
    '47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b',
    'hex',
  );

  async function expectPixel(answer: Response): Promise<void> {
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      ...embedded,
      'content-type': 'image/gif',
      'content-length': '43',
      'cache-control': 'no-store',
    });
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(transparentPixel);
  }

  it('counts each call once and returns a transparent image of 43 bytes', async () => {
    for (const agent of [browser, 'github-camo (876de43e)']) {
      const pixel = await call('/pixel.gif?tag=a%20letter', { 'user-agent': agent });
      expect(pixel.status).toBe(200);
      expect(pixel.headers.has('footfall-not-counted')).toBe(false);
      await expectPixel(pixel);
    }
    expect(await countOf('a letter')).toBe(2);
  });

  it.each([
    ['bot', { 'user-agent': googlebot }],
    ['prefetch', { 'sec-purpose': 'prefetch' }],
  ])('returns the same image to a %s without counting a visit', async (reason, headers) => {
    const pixel = await call('/pixel.gif?tag=not-counted', headers);
    expect([pixel.status, pixel.headers.get('footfall-not-counted')]).toEqual([200, reason]);
    await expectPixel(pixel);
    expect(await countOf('not-counted')).toBe(0);
  });

  it.each(['', '?tag=', '?tag=COUNTER', '?tag=%ff', '?tag=a%00b', `?tag=${'x'.repeat(513)}`])(
    'refuses "%s" but still returns the image, so that no page looks broken',
    async (query) => {
      const pixel = await call(`/pixel.gif${query}`);
      expect(pixel.status).toBe(400);
      await expectPixel(pixel);
    },
  );

  it('returns the count or the error as JSON on request', async () => {
    const counted = await call('/pixel.gif?tag=in-json', { accept: 'application/json' });
    expect(await counted.json()).toEqual({ tag: 'in-json', count: 1 });
    const refused = await call('/pixel.gif', { accept: 'application/json' });
    expect(await refused.json()).toEqual({ message: 'The tag is empty.' });
  });
});

describe('GET /footfall.js', () => {
  it('returns the script, which may be cached for an hour', async () => {
    for (const query of ['', '?v=', '?v=0123456789ab']) {
      const script = await call(`/footfall.js${query}`, { accept: '*/*' });
      expect(Object.fromEntries(script.headers)).toMatchObject({
        ...embedded,
        'content-type': 'application/javascript; charset=utf-8',
        'cache-control': 'public, max-age=3600',
      });
      expect(await script.text()).toBe(snippet);
    }
  });

  it('may be cached indefinitely under its version', async () => {
    const { headers } = await call(`/footfall.js?v=${snippetVersion}`);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('matches its integrity hash and allows CORS, which the browser’s check requires', async () => {
    const script = await call('/footfall.js', { origin: 'https://example.com' });
    expect(script.headers.get('access-control-allow-origin')).toBe('*');
    const hash = createHash('sha384').update(await script.text());
    expect(`sha384-${hash.digest('base64')}`).toBe(snippetIntegrity());
  });

  it('answers 304 without a body to a known ETag', async () => {
    const { headers } = await call('/footfall.js');
    const again = await call('/footfall.js', { 'if-none-match': headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });
});
