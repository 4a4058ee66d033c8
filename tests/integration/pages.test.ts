import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../support/cleanup';
import { pageEndpoint, readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { restEvent, type RequestParts } from '../support/events';
import { startFunction, type TestFunction } from '../support/functions';

let engine: TestEngine;
let main: TestFunction;
let recordVisit: TestFunction;
let viewCounts: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  [main, recordVisit, viewCounts] = await Promise.all([
    startFunction('MainFunction', engine),
    startFunction('RecordVisitFunction', engine),
    startFunction('ViewCountsFunction', engine),
  ]);
});

afterAll(endAll);

const asPage = { accept: 'text/html' };
const home = (query = '', headers: Record<string, string> = asPage): RequestParts => ({
  ...{ route: '/', path: '/', query, headers },
});
const counts = (tag: string, query = '', headers: Record<string, string> = {}): RequestParts => ({
  ...{ route: '/counts/{tag+}', path: `/counts/${tag}`, query, headers: { ...asPage, ...headers } },
});

describe('The home page', () => {
  it('shows the total and the script tag with the address of the beacon API', async () => {
    const { body, headers } = await main.answer(restEvent(home()));
    expect(body).toContain('You have 0 visits across all pages.');
    expect(body).toContain(`&lt;script defer src=&quot;${pageEndpoint}/footfall.js&quot;&gt;&lt;/script&gt;`);
    expect(body).toContain('href="/Prod/login"');
    expect(headers.vary).toBe('Accept, Accept-Language, Origin');
  });

  it.each([
    ['tag=hello', '/Prod/tags/hello'],
    ['tag=caf%C3%A9+au%2Flait', '/Prod/tags/caf%C3%A9%20au/lait'],
    ['tag=hello&show=counts', '/Prod/counts/hello'],
    ['tag=%2F%2Fexample.com', '/Prod/tags/%2F%2Fexample.com'],
    ['tag=https%3A%2F%2Fexample.com%2F', '/Prod/tags/https%3A%2F%2Fexample.com%2F'],
    ['tag=%5C%5Cexample.com&show=counts', '/Prod/counts/%5C%5Cexample.com'],
  ])('redirects its form with ?%s to %s without counting a visit', async (query, location) => {
    const { statusCode, headers, body } = await main.answer(restEvent(home(query)));
    expect([statusCode, headers.location, body]).toEqual([303, location, '']);
    expect(Object.keys(await readCounts(engine.client))).toEqual([]);
  });

  it('never redirects to another host, whatever path precedes the route', async () => {
    const event = restEvent(home('tag=hello'));
    event.requestContext.path = '//example.com/';
    expect((await main.answer(event)).headers.location).toBe('/example.com/tags/hello');
  });

  it.each(['tag=', 'tag=COUNTER', 'tag=a%00b', `tag=${'x'.repeat(513)}`])(
    'refuses ?%s on a page with a link back',
    async (query) => {
      const { statusCode, body } = await main.answer(restEvent(home(query)));
      expect(statusCode).toBe(400);
      expect(body).toContain('Invalid request');
      expect(body).toContain('href="/Prod/"');
    },
  );

  it('answers programs in JSON with or without a tag', async () => {
    const { statusCode, body } = await main.answer(
      restEvent(home('tag=hello', { accept: 'application/json' })),
    );
    expect([statusCode, Object.keys(JSON.parse(body) as object)]).toEqual([200, ['message', 'table']]);
  });
});

describe('The counts page', () => {
  const put = (item: Record<string, unknown>) =>
    engine.client.send(new PutItemCommand({ TableName: 'DynamoDBTable', Item: marshall(item) }));

  beforeAll(async () => {
    await put({ ID: 'big', Count: 1_234_567 });
    await put({ ID: 'COUNTER', TotalViews: 7_654_321 });
  });

  it("keeps its sentences and groups the large figures by the reader's language", async () => {
    const { body } = await viewCounts.answer(restEvent(counts('big', '', { 'accept-language': 'de' })));
    expect(body).toContain('The tag "big" has 1234567 total visits.');
    expect(body).toContain('You have 7654321 visits across all pages.');
    expect(body).toContain('<dd>1.234.567</dd>');
    expect(body).toContain('This total is still being rebuilt');
  });

  it('may load images from the beacon API only, and other pages may not', async () => {
    const { headers } = await viewCounts.answer(restEvent(counts('big')));
    expect(headers['content-security-policy']).toContain(`img-src 'self' data: ${pageEndpoint};`);
    for (const { headers } of [
      await main.answer(restEvent(home())),
      await recordVisit.answer(restEvent({ route: '/tags/{tag+}', path: '/tags/policy', headers: asPage })),
      await viewCounts.answer(restEvent(counts('COUNTER'))),
    ]) {
      expect(headers['content-security-policy']).toContain("img-src 'self' data:;");
      expect(headers['content-security-policy']).not.toContain('unsafe');
    }
  });

  it.each([
    ['', 30, '30 days'],
    ['days=7', 7, '7 days'],
    ['days=90', 90, '90 days'],
    ['days=366', 366, '366 days'],
  ])('with "?%s" has %i days and marks their link', async (query, length, marked) => {
    const { body } = await viewCounts.answer(restEvent(counts('big', query)));
    expect(/aria-current="true">([^<]*)/.exec(body)?.[1]).toBe(marked);
    const asJson = await viewCounts.answer(restEvent(counts('big', query, { accept: 'application/json' })));
    expect((JSON.parse(asJson.body) as { days: unknown[] }).days).toHaveLength(length);
  });

  it('marks no link for a range that ends in the past', async () => {
    const { body } = await viewCounts.answer(restEvent(counts('big', 'to=2026-01-07&days=7')));
    expect(body).toContain('Jan');
    expect(body).not.toContain('aria-current="');
  });

  it.each(['days=0', 'days=367', 'days=7&from=2026-01-01'])('refuses ?%s', async (query) => {
    expect((await viewCounts.answer(restEvent(counts('big', query)))).statusCode).toBe(400);
  });

  it('escapes the tag everywhere', async () => {
    const tag = encodeURIComponent(`"><img src=x onerror=alert(1)>')`);
    const { body } = await viewCounts.answer(restEvent(counts(tag)));
    expect(body).not.toContain('<img src=x');
    expect(body).toContain(
      'The tag "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;)" has 0 total visits.',
    );
  });
});
