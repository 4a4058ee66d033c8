import { endAll } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { httpEvent, restEvent } from '../support/events';
import { startFunction, type TestFunction } from '../support/functions';

let engine: TestEngine;
let recordVisit: TestFunction;
let viewCounts: TestFunction;

const overrides = { AllowedTags: 'blog/, docs/', AllowedOrigins: 'https://example.com,https://example.org' };

beforeAll(async () => {
  engine = await startTestEngine();
  recordVisit = await startFunction('RecordVisitFunction', engine, overrides);
  viewCounts = await startFunction('ViewCountsFunction', engine, overrides);
});

afterAll(endAll);

const visit = (tag: string) => ({
  route: '/tags/{tag+}',
  path: `/tags/${tag}`,
  headers: { accept: 'application/json' },
});
const beacon = (headers: Record<string, string>) => ({
  method: 'POST',
  route: '/visits',
  path: '/visits',
  query: 'tag=docs/a',
  headers,
});

describe('AllowedTags', () => {
  it.each(['blog/a', 'docs/'])('allows visits of %s', async (tag) => {
    const { statusCode } = await recordVisit.answer(restEvent(visit(tag)));
    expect(statusCode).toBe(200);
  });

  it.each(['blog', 'other', 'Blog/a'])('refuses %s with a 403 and writes nothing', async (tag) => {
    const { statusCode, body } = await recordVisit.answer(restEvent(visit(tag)));
    expect([statusCode, JSON.parse(body)]).toEqual([
      403,
      { message: 'This tag matches no prefix in AllowedTags.' },
    ]);
    expect(await readCounts(engine.client)).not.toHaveProperty(tag);
  });
});

describe('AllowedOrigins', () => {
  it.each(['https://example.com', 'https://example.org'])(
    'allows pages of %s to count visits',
    async (origin) => {
      const { statusCode, headers } = await recordVisit.answer(httpEvent(beacon({ origin })));
      expect(statusCode).toBe(204);
      expect(headers['access-control-allow-origin']).toBe(origin);
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );

  it('counts a call without an origin, because it does not come from a page', async () => {
    expect((await recordVisit.answer(httpEvent(beacon({})))).statusCode).toBe(204);
  });

  it.each(['https://example.net', 'null', 'https://example.com.evil.net', 'http://example.com'])(
    'refuses the beacon of a page of %s with a 403 and writes nothing',
    async (origin) => {
      const before = await readCounts(engine.client);
      const { statusCode, headers, body } = await recordVisit.answer(httpEvent(beacon({ origin })));
      expect([statusCode, JSON.parse(body)]).toEqual([
        403,
        { message: 'Visits from this page are not counted. Add its origin to AllowedOrigins.' },
      ]);
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(await readCounts(engine.client)).toEqual(before);
    },
  );

  it('allows only pages of these origins to read counts', async () => {
    const look = (origin: string) =>
      viewCounts.answer(
        restEvent({ route: '/counts/{tag+}', path: '/counts/docs/a', headers: { Origin: origin } }),
      );
    expect((await look('https://example.com')).headers).toMatchObject({
      'access-control-allow-origin': 'https://example.com',
      vary: 'Accept, Accept-Language, Origin',
    });
    expect((await look('https://example.net')).headers).not.toHaveProperty('access-control-allow-origin');
  });
});
