import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { httpEvent, readEvent, restEvent, type RequestParts } from '../support/events';
import { startFunction, type TestFunction } from '../support/functions';

let engine: TestEngine;
let main: TestFunction;
let recordVisit: TestFunction;
let viewCounts: TestFunction;
let streamProcessor: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  [main, recordVisit, viewCounts, streamProcessor] = await Promise.all([
    startFunction('MainFunction', engine),
    startFunction('RecordVisitFunction', engine),
    startFunction('ViewCountsFunction', engine),
    startFunction('StreamProcessorFunction', engine),
  ]);
});

afterAll(endAll);

const json = { accept: 'application/json' };
const visit = (encodedTag: string, headers: Record<string, string> = json): RequestParts => ({
  route: '/tags/{tag+}',
  path: `/tags/${encodedTag}`,
  headers,
});
const beacon = (encodedTag: string, headers: Record<string, string> = {}): RequestParts => ({
  method: 'POST',
  route: '/visits',
  path: '/visits',
  query: `tag=${encodedTag}`,
  headers,
});
const counts = (encodedTag: string, headers: Record<string, string> = json): RequestParts => ({
  route: '/counts/{tag+}',
  path: `/counts/${encodedTag}`,
  headers,
});

async function countOf(tag: string): Promise<unknown> {
  return (await readCounts(engine.client))[tag]?.Count;
}

describe('The sample events', () => {
  it('main.json is answered with a greeting and the table, and without account details', async () => {
    const { statusCode, body } = await main.answer(readEvent('main.json'));
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({
      message: 'Hello, world!',
      table: { name: 'DynamoDBTable', status: 'ACTIVE', itemCount: expect.any(Number) as number },
    });
    expect(body).not.toMatch(/arn:|123456789012/);
  });

  it('recordVisit.json counts a visit of café/au lait and shows it', async () => {
    const { statusCode, headers, body } = await recordVisit.answer(readEvent('recordVisit.json'));
    expect(statusCode).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('YOUR VISIT COUNTS.');
    expect(body).toContain('The tag "café/au lait" has 1 total visits.');
    expect(body).toContain('href="/Prod/counts/caf%C3%A9/au%20lait"');
    expect(await countOf('café/au lait')).toBe(1);
  });

  it('recordVisit.beacon.json counts another visit and gets an empty 204', async () => {
    const { statusCode, body } = await recordVisit.answer(readEvent('recordVisit.beacon.json'));
    expect([statusCode, body]).toEqual([204, '']);
    expect(await countOf('café/au lait')).toBe(2);
  });

  it('recordVisit.tag.json uses the old route, which counts as /tags does', async () => {
    const { body } = await recordVisit.answer(readEvent('recordVisit.tag.json'));
    expect(JSON.parse(body)).toEqual({ tag: 'hello', count: 1 });
  });

  it('recordVisit.noTag.json gets a 400 because the tag is empty', async () => {
    const { statusCode, body } = await recordVisit.answer(readEvent('recordVisit.noTag.json'));
    expect([statusCode, JSON.parse(body)]).toEqual([400, { message: 'The tag is empty.' }]);
  });

  it('viewCounts.json shows the count and the total without counting a visit', async () => {
    await engine.client.send(
      new PutItemCommand({ TableName: 'DynamoDBTable', Item: marshall({ ID: 'COUNTER', TotalViews: 7 }) }),
    );
    const { statusCode, body } = await viewCounts.answer(readEvent('viewCounts.json'));
    expect(statusCode).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ tag: 'café/au lait', count: 2, total: 7 });
    expect(await countOf('café/au lait')).toBe(2);
  });

  it('streamProcessor.json moves the total by its changes: 1 + 3 + 2 − 3', async () => {
    const outcome = await streamProcessor.invoke(readEvent('streamProcessor.json'));
    expect(outcome).toMatchObject({ ok: true, response: { batchItemFailures: [] } });
    expect((await readCounts(engine.client)).COUNTER).toMatchObject({ TotalViews: 10 });
  });
});

/** The event as a custom domain sends it: links have no stage, as behind an HTTP API. */
function withoutStage({ requestContext, ...rest }: ReturnType<typeof restEvent>) {
  return { ...rest, requestContext: { ...requestContext, path: rest.path } };
}

describe('The REST and the HTTP API payload', () => {
  // Each call counts, so the second answer is one ahead of the first.
  it('give the same answer to a visit', async () => {
    const first = await recordVisit.answer(restEvent(visit('both')));
    const second = await recordVisit.answer(httpEvent(visit('both')));
    expect({ ...second, body: second.body.replace('2', '1') }).toEqual(first);
  });

  it.each(['both', 'a%2Fb', '%E6%97%A5%E6%9C%AC', 'x'.repeat(513), 'COUNTER', 'a%00b'])(
    'give the same answer to a read of /counts/%s',
    async (encoded) => {
      for (const headers of [json, { accept: 'text/html' }]) {
        const first = await viewCounts.answer(withoutStage(restEvent(counts(encoded, headers))));
        expect(await viewCounts.answer(httpEvent(counts(encoded, headers)))).toEqual(first);
      }
    },
  );

  it.each(['beacon', '', 'COUNTER'])('give the same answer to a beacon for the tag %j', async (encoded) => {
    const first = await recordVisit.answer(restEvent(beacon(encoded, { accept: '*/*' })));
    expect(await recordVisit.answer(httpEvent(beacon(encoded, { accept: '*/*' })))).toEqual(first);
  });

  it('give the same answer to a call of the home page', async () => {
    for (const accept of ['application/json', 'text/html', '*/*']) {
      const parts = { route: '/', path: '/', headers: { accept } };
      const first = await main.answer(withoutStage(restEvent(parts)));
      expect(await main.answer(httpEvent(parts))).toEqual(first);
    }
  });
});

describe('The content type', () => {
  it.each([
    ['*/*', 'text/html'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/html'],
    ['application/json', 'application/json'],
    ['application/json, text/html;q=0.5', 'application/json'],
    ['application/json;q=0.5, text/html', 'text/html'],
    ['application/json;charset=utf-8', 'application/json'],
    ['application/json; charset=utf-8; q=0.2, text/html; level=1; q=0.1', 'application/json'],
    ['image/png', 'text/html'],
  ])('of /counts with Accept: %s is %s', async (accept, type) => {
    const { headers } = await viewCounts.answer(restEvent(counts('kind', { accept })));
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(headers.vary).toContain('Accept');
  });

  it.each([
    ['*/*', 'application/json'],
    ['text/html,*/*;q=0.8', 'text/html'],
  ])('of / with Accept: %s is %s', async (accept, type) => {
    const { headers } = await main.answer(restEvent({ route: '/', path: '/', headers: { accept } }));
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
  });
});

describe('A tag', () => {
  it.each([
    'a b',
    'a/b/c',
    '/leading/and/trailing/',
    `it's "quoted"`,
    '<script>alert(1)</script>',
    '100%',
    'hello%20world',
    'a?b=c&d#e',
    'café',
    'שלום',
    '日本語',
    '🎉👩‍👩‍👧',
    '__proto__',
    'a//b/../c',
  ])('such as %j is counted unchanged and shown escaped', async (tag) => {
    const encoded = encodeURIComponent(tag);
    await recordVisit.answer(restEvent(visit(encoded)));
    await recordVisit.answer(httpEvent(beacon(encoded)));
    expect(await countOf(tag)).toBe(2);

    const { body } = await viewCounts.answer(restEvent(counts(encoded)));
    expect(JSON.parse(body)).toMatchObject({ tag, count: 2 });
    const page = await recordVisit.answer(restEvent(visit(encoded, { accept: 'text/html' })));
    const escaped = tag
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
      .replace(/'/g, '&#39;');
    expect(page.body).toContain(`The tag "${escaped}" has 3 total visits.`);
    expect(page.body).not.toContain('<script');
    // The page's link leads to the counts of this very tag, whatever characters it contains.
    const [, link = ''] = /href="\/Prod\/counts\/([^"]*)"/.exec(page.body) ?? [];
    expect(
      decodeURIComponent(new URL(`https://example.com/counts/${link.replace(/&#39;/g, "'")}`).pathname),
    ).toBe(`/counts/${tag}`);
  });
});

describe('Bad input', () => {
  it.each([
    ['an empty tag', '', 'The tag is empty.'],
    ['a tag of 513 bytes', 'é'.repeat(256) + 'a', 'The tag is longer than 512 bytes of UTF-8.'],
    ['a control character', 'a\u0007b', 'The tag contains a control character.'],
    ['the reserved tag', 'COUNTER', 'The tag COUNTER is reserved for the total.'],
  ])(
    'with %s gets a 400 with one sentence on every route, and nothing is written',
    async (_, tag, sentence) => {
      const before = await readCounts(engine.client);
      const encoded = encodeURIComponent(tag);
      const answers = [
        await recordVisit.answer(restEvent(visit(encoded))),
        await recordVisit.answer(httpEvent(beacon(encoded))),
        await viewCounts.answer(restEvent(counts(encoded))),
      ];
      for (const { statusCode, body } of answers) {
        expect([statusCode, JSON.parse(body)]).toEqual([400, { message: sentence }]);
      }
      const page = await recordVisit.answer(restEvent(visit(encoded, { accept: 'text/html' })));
      expect(page.statusCode).toBe(400);
      expect(page.body).toContain(`<p>${sentence}</p>`);
      expect(await readCounts(engine.client)).toEqual(before);
    },
  );

  it('with broken percent-encoding gets a 400 on every route, and nothing is written', async () => {
    const before = await readCounts(engine.client);
    for (const encoded of ['%zz', '%E0%A4%A', '%FF']) {
      const answers = [
        await recordVisit.answer(restEvent(visit(encoded))),
        await recordVisit.answer(httpEvent(beacon(encoded))),
        await viewCounts.answer(restEvent(counts(encoded))),
      ];
      for (const { statusCode, body } of answers) {
        expect([statusCode, JSON.parse(body)]).toEqual([
          400,
          { message: 'The address has broken percent-encoding.' },
        ]);
      }
    }
    expect(await readCounts(engine.client)).toEqual(before);
  });
});

describe('A call by a bot or a prefetch', () => {
  const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

  it.each([
    ['prefetch', { 'Sec-Purpose': 'prefetch;prerender' }],
    ['bot', { 'User-Agent': googlebot }],
  ])('gets the reason "%s" and an unchanged count', async (reason, header) => {
    await recordVisit.answer(restEvent(visit(`not-${reason}`)));
    const shown = await recordVisit.answer(restEvent(visit(`not-${reason}`, { ...json, ...header })));
    expect(shown.statusCode).toBe(200);
    expect(shown.headers['footfall-not-counted']).toBe(reason);
    expect(JSON.parse(shown.body)).toEqual({ tag: `not-${reason}`, count: 1 });

    const page = await recordVisit.answer(
      restEvent(visit(`not-${reason}`, { accept: 'text/html', ...header })),
    );
    expect(page.body).toContain('This request was not counted');
    expect(page.body).not.toContain('YOUR VISIT COUNTS.');

    const silent = await recordVisit.answer(httpEvent(beacon(`not-${reason}`, header)));
    expect([silent.statusCode, silent.headers['footfall-not-counted']]).toEqual([204, reason]);
    expect(await countOf(`not-${reason}`)).toBe(1);
  });

  it('does not create a tag', async () => {
    await recordVisit.answer(restEvent(visit('never-made', { ...json, 'User-Agent': googlebot })));
    expect(await countOf('never-made')).toBeUndefined();
  });
});

describe('200 visits at once', () => {
  it('are each counted', async () => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, () => recordVisit.answer(restEvent(visit('at-once')))),
    );
    const seen = answers.map(({ body }) => (JSON.parse(body) as { count: number }).count);
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  });
});
