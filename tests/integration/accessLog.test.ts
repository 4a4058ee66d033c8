import type { WriteOnceClient } from '../../src/aws/dynamodb';
import { BatchWriteItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { AccessLog } from '../../src/sessions/accessLog';
import type { ApiResult } from '../../src/http/response';
import { endAll } from '../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../support/engine';
import { readEvent } from '../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy';
import { startFunction, type TestFunction } from '../support/functions';

const table = 'AccessLogTable';
const keep = 5;

let engine: TestEngine;
let proxy: FaultyProxy;
/** Keeps the template's default number of entries. */
let accessLog: TestFunction;
/** Keeps only `keep` entries. */
let shortLog: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  const proxied = { ...engine, endpoint: proxy.endpoint };
  accessLog = await startFunction('AccessLogFunction', proxied);
  shortLog = await startFunction('AccessLogFunction', proxied, { AccessLogKeep: String(keep) });
});

afterAll(endAll);

beforeEach(async () => {
  await write((await logged()).map((dt) => ({ DeleteRequest: { Key: marshall({ dt }) } })));
});

const call = (from: TestFunction) => from.answer(readEvent('accessLog.json'));

/** The date-times in the table, newest first. */
async function logged(): Promise<string[]> {
  return Object.keys(await readItems(engine.client, table, 'dt'))
    .sort()
    .reverse();
}

function listed({ body }: ApiResult): string[] {
  const { AccessDatetime } = JSON.parse(body) as { AccessDatetime: { dt: string }[] };
  return AccessDatetime.map(({ dt }) => dt);
}

async function write(requests: WriteRequest[]): Promise<void> {
  for (let start = 0; start < requests.length; start += 25) {
    const RequestItems = { [table]: requests.slice(start, start + 25) };
    await engine.client.send(new BatchWriteItemCommand({ RequestItems }));
  }
}

/** Past date-times, one second apart, newest first. */
function past(count: number): string[] {
  const newestMs = Date.UTC(2024, 4, 1);
  return Array.from({ length: count }, (_, index) =>
    new Date(newestMs - index * 1_000).toISOString().replace('Z', '000Z'),
  );
}

async function fill(instants: string[], rest: Record<string, string> = {}): Promise<void> {
  await write(instants.map((dt) => ({ PutRequest: { Item: marshall({ dt, ...rest }) } })));
}

describe('GET /hello', () => {
  it('records the date-time of the call and returns it', async () => {
    const earliest = Date.now();
    const answer = await call(accessLog);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      200,
      'application/json; charset=utf-8',
    ]);
    const [dt = '', ...others] = listed(answer);
    expect(others).toEqual([]);
    expect(dt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(Date.parse(dt)).toBeGreaterThanOrEqual(earliest);
    expect(Date.parse(dt)).toBeLessThanOrEqual(Date.now());
    expect(JSON.parse(answer.body)).toEqual({ AccessDatetime: [{ dt }] });
    expect(await readItems(engine.client, table, 'dt')).toEqual({ [dt]: {} });
  });

  it('lists the newest calls first', async () => {
    await fill(past(3));
    const answers = [await call(accessLog), await call(accessLog)].map(listed);
    const [first, second] = [answers[0]?.[0] ?? '', answers[1]?.[0] ?? ''];
    expect(second > first).toBe(true);
    expect(answers).toEqual([
      [first, ...past(3)],
      [second, first, ...past(3)],
    ]);
  });

  it('answers in JSON to browsers too', async () => {
    const sample = readEvent('accessLog.json');
    const answer = await accessLog.answer({ ...sample, headers: { ...sample.headers, Accept: 'text/html' } });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(listed(answer)).toHaveLength(1);
  });

  it('neither shows nor stores anything about the caller', async () => {
    const { body } = await call(accessLog);
    expect(body).not.toContain('203.0.113.7');
    expect(Object.values(await readItems(engine.client, table, 'dt'))).toEqual([{}]);
  });
});

describe('Simultaneous calls', () => {
  const frozenMs = Date.UTC(2024, 4, 1, 12);
  const log = () =>
    new AccessLog({ writeOnce: engine.client as WriteOnceClient, repeating: engine.client }, table, 1_000);

  it('make one item each, with ordered date-times, even in the same instant', async () => {
    const made = [];
    for (let index = 0; index < 4; index++) made.push(await log().record(frozenMs));
    expect(made).toEqual([
      '2024-05-01T12:00:00.000000Z',
      '2024-05-01T12:00:00.000001Z',
      '2024-05-01T12:00:00.000002Z',
      '2024-05-01T12:00:00.000003Z',
    ]);
    expect(made.every((dt) => Math.floor(Date.parse(dt)) === frozenMs)).toBe(true);
    expect(await logged()).toEqual([...made].reverse());
    expect((await log().record(frozenMs + 1)) > (made.at(-1) ?? '')).toBe(true);
  });

  it('make one item each when they run concurrently', async () => {
    const made = await Promise.all(Array.from({ length: 10 }, () => log().record(frozenMs)));
    expect(new Set(made).size).toBe(10);
    expect(await logged()).toHaveLength(10);
  });

  it('move on to the next millisecond when one is full', async () => {
    const full = Array.from(
      { length: 1_000 },
      (_, index) => `2024-05-01T12:00:00.000${String(index).padStart(3, '0')}Z`,
    );
    await fill(full);
    expect(await log().record(frozenMs)).toBe('2024-05-01T12:00:00.001000Z');
  });

  it('of the function are all in the log', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => call(accessLog)));
    expect(answers.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await logged()).toHaveLength(20);
  });
});

describe('The access log', () => {
  it('keeps the newest 1,000 by default', async () => {
    await fill(past(1_003));
    const answer = listed(await call(accessLog));
    expect(answer).toHaveLength(1_000);
    expect(answer.slice(1)).toEqual(past(999));
    expect(await logged()).toEqual(answer);
  });

  it.each([keep - 2, keep - 1, keep, keep + 7])(
    'of %i entries keeps the newest after one more call',
    async (before) => {
      await fill(past(before));
      const answer = listed(await call(shortLog));
      expect(answer.slice(1)).toEqual(past(before).slice(0, keep - 1));
      expect(await logged()).toEqual(answer);
    },
  );

  it('is back within its limit one call after twelve concurrent calls', async () => {
    await fill(past(60));
    const answers = await Promise.all(Array.from({ length: 12 }, () => call(shortLog)));
    for (const answer of answers) expect(listed(answer)).toHaveLength(keep);
    const before = await logged();
    const answer = listed(await call(shortLog));
    expect(answer.slice(1)).toEqual(before.slice(0, keep - 1));
    expect(await logged()).toEqual(answer);
  });

  it('that is far too long shrinks by 250 entries per call, with a bounded number of requests', async () => {
    await fill(past(400));
    const left: number[] = [];
    for (let index = 0; index < 3; index++) {
      proxy.attempts = 0;
      expect(listed(await call(shortLog)).slice(index + 1)).toEqual(past(keep - 1 - index));
      // One write, a page to read, and at most ten batches.
      expect(proxy.attempts).toBeLessThanOrEqual(12);
      left.push((await logged()).length);
    }
    expect(left).toEqual([151, keep, keep]);
  });

  it('that is too large for one call to read keeps all of its newest entries', async () => {
    // Three items of 350 KB fill a page, and a call reads four pages.
    for (const dt of past(20)) await fill([dt], { pad: 'x'.repeat(350 * 1_024) });
    const left: number[] = [];
    for (let index = 0; index < 4; index++) {
      const before = await logged();
      proxy.attempts = 0;
      const [recorded = ''] = listed(await call(shortLog));
      expect(proxy.attempts).toBeLessThanOrEqual(6);
      const after = await logged();
      expect(after.slice(0, keep)).toEqual([recorded, ...before].slice(0, keep));
      left.push(after.length);
    }
    // The first call cannot read the whole log.
    expect(left.at(0)).toBeGreaterThan(keep);
    expect(left.at(-1)).toBe(keep);
  });
});

describe('While the table fails', () => {
  async function during(fault: Fault): Promise<ApiResult & { attempts: number }> {
    proxy.fault = fault;
    proxy.attempts = 0;
    const answer = await call(accessLog);
    proxy.fault = 'none';
    return { ...answer, attempts: proxy.attempts };
  }

  it.each<[Fault, number]>([
    ['reset', 0],
    ['internalError', 0],
    // The item is written but the answer is lost, so a repeat would make a second item.
    ['loseReply', 1],
  ])('with the fault %s, a call gets a 503 and its write is not repeated', async (fault, written) => {
    const answer = await during(fault);
    expect([answer.statusCode, answer.attempts]).toEqual([503, 1]);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(answer.body).not.toContain('secret');
    expect(await logged()).toHaveLength(written);
  });

  it('with a single throttle, a call still succeeds', async () => {
    const answer = await during('throttleOnce');
    expect([answer.statusCode, listed(answer).length]).toEqual([200, 1]);
  });
});
