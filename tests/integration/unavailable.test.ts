import { endAll } from '../support/cleanup';
import { readCounts, startTestEngine, type TestEngine } from '../support/engine';
import { restEvent } from '../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy';
import { startFunction, type TestFunction } from '../support/functions';

let engine: TestEngine;
let proxy: FaultyProxy;
let recordVisit: TestFunction;
let viewCounts: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  recordVisit = await startFunction('RecordVisitFunction', { ...engine, endpoint: proxy.endpoint });
  viewCounts = await startFunction('ViewCountsFunction', { ...engine, endpoint: proxy.endpoint });
});

afterAll(endAll);

/** Visits a tag while the proxy injects a fault. */
async function visit(tag: string, fault: Fault) {
  proxy.fault = fault;
  proxy.attempts = 0;
  const headers = { accept: 'application/json' };
  const answer = await recordVisit.answer(
    restEvent({ route: '/tags/{tag+}', path: `/tags/${tag}`, headers }),
  );
  proxy.fault = 'none';
  return { answer, attempts: proxy.attempts, count: (await readCounts(engine.client))[tag]?.Count };
}

describe('A visit', () => {
  it.each<[Fault, number | undefined]>([
    ['hang', undefined],
    ['reset', undefined],
    ['internalError', undefined],
    // The visit is counted but the answer is lost, so a repeat would count it twice.
    ['loseReply', 1],
    ['cutReply', 1],
  ])('that meets the fault %s is answered with a 503 and not repeated', async (fault, countAfter) => {
    const { answer, attempts, count } = await visit(`met-${fault}`, fault);
    expect(answer.statusCode).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(attempts).toBe(1);
    expect(count).toBe(countAfter);
  });

  it('that is throttled once is repeated, because nothing was written', async () => {
    const { answer, attempts, count } = await visit('throttled-once', 'throttleOnce');
    expect([answer.statusCode, attempts, count]).toEqual([200, 2, 1]);
  });

  it('that is throttled repeatedly is answered with a 503 and not counted', async () => {
    const { answer, attempts, count } = await visit('throttled', 'throttle');
    expect([answer.statusCode, attempts, count]).toEqual([503, 3, undefined]);
  });

  it('that conflicts with a transaction once is repeated, because nothing was written', async () => {
    const { answer, attempts, count } = await visit('conflict-once', 'conflictOnce');
    expect([answer.statusCode, attempts, count]).toEqual([200, 2, 1]);
  });

  it('that conflicts with transactions repeatedly is answered with a 503 and not counted', async () => {
    const { answer, attempts, count } = await visit('conflict', 'conflict');
    expect([answer.statusCode, attempts, count]).toEqual([503, 3, undefined]);
  });

  it('that the function has no permission to write is answered with a 500 without Retry-After', async () => {
    const { answer } = await visit('denied', 'accessDenied');
    expect(answer.statusCode).toBe(500);
    expect(answer.headers).not.toHaveProperty('retry-after');
  });

  it('is counted as soon as the engine is back', async () => {
    await visit('back', 'reset');
    const { answer, count } = await visit('back', 'none');
    expect([answer.statusCode, count]).toEqual([200, 1]);
  });
});

describe('The answer to a failure', () => {
  it('has a request id, and the log holds that id with the cause', async () => {
    const before = recordVisit.log.length;
    const { answer } = await visit('cause', 'internalError');
    const body = JSON.parse(answer.body) as Record<string, unknown>;
    expect(Object.keys(body).sort()).toEqual(['message', 'requestId']);
    expect(answer.body).not.toContain('secret');
    const log = recordVisit.log.slice(before).join('\n');
    expect(log).toContain('The secret cause.');
    expect(log).toContain(body.requestId);
  });

  it('is a page when the caller accepts HTML', async () => {
    proxy.fault = 'reset';
    const { statusCode, headers, body } = await recordVisit.answer(
      restEvent({ route: '/tags/{tag+}', path: '/tags/page' }),
    );
    proxy.fault = 'none';
    expect(statusCode).toBe(503);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toMatch(/Request id: <code>[\da-f-]{36}<\/code>/);
  });
});

describe('A read of counts', () => {
  const look = () =>
    viewCounts.answer(
      restEvent({ route: '/counts/{tag+}', path: '/counts/a', headers: { accept: 'application/json' } }),
    );

  it('is repeated, because a repeated read is harmless', async () => {
    proxy.attempts = 0;
    await look();
    const reads = proxy.attempts;
    proxy.fault = 'throttleOnce';
    expect((await look()).statusCode).toBe(200);
    expect(proxy.attempts).toBe(reads + reads + 1);
  });

  it('is answered with a 503 while the engine is unreachable', async () => {
    proxy.fault = 'reset';
    const { statusCode, headers } = await look();
    proxy.fault = 'none';
    expect(statusCode).toBe(503);
    expect(headers).toHaveProperty('retry-after');
  });
});
