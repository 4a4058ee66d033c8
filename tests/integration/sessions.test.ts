import type { WriteOnceClient } from '../../src/aws/dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { VisitorSessions } from '../../src/sessions/visitorSessions';
import type { ApiResult } from '../../src/http/response';
import { endAll } from '../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../support/engine';
import { readEvent } from '../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../support/faultyProxy';
import { startFunction, type TestFunction } from '../support/functions';

const table = 'SessionsTable';
const cookieName = '__Host-footfall-visitor';
const monthSeconds = 30 * 24 * 60 * 60;

let engine: TestEngine;
let proxy: FaultyProxy;
let sessionCounter: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  sessionCounter = await startFunction('SessionCounterFunction', { ...engine, endpoint: proxy.endpoint });
});

afterAll(endAll);

interface Call {
  cookies?: string[];
  domain?: string;
  headers?: Record<string, string>;
  query?: string;
}

/** One call of `GET /session`, as an event of the beacon API. */
function call({ cookies = [], domain, headers = {}, query = '' }: Call = {}): Promise<ApiResult> {
  const sample = readEvent('sessionCounter.json');
  return sessionCounter.answer({
    ...sample,
    rawQueryString: query,
    cookies: [...(sample.cookies ?? []), ...cookies],
    headers: { ...sample.headers, ...headers },
    requestContext: {
      ...sample.requestContext,
      ...(domain === undefined ? {} : { domainName: domain, domainPrefix: domain.split('.')[0] }),
    },
  });
}

/** A call whose cookie holds this id. */
const callAs = (id: string, rest: Call = {}) => call({ cookies: [`${cookieName}=${id}`], ...rest });

interface Seen {
  id: string;
  counter: number;
}

function read({ body }: ApiResult): Seen {
  const [, id, counter] = /^session-id: (\S+), counter: (\d+)$/.exec(body) ?? [];
  if (id === undefined) throw new Error(`Not the sentence: ${body}`);
  return { id, counter: Number(counter) };
}

async function begin(): Promise<string> {
  return read(await call()).id;
}

const sessions = () => readItems(engine.client, table, 'session-id');

async function put(item: Record<string, unknown>): Promise<void> {
  await engine.client.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
}

const nowSeconds = () => Math.floor(Date.now() / 1_000);

describe('The first call', () => {
  it('begins a session of one month and answers a sentence with its id', async () => {
    const earliest = nowSeconds();
    const answer = await sessionCounter.answer(readEvent('sessionCounter.json'));
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('no-store');
    const { id, counter } = read(answer);
    expect(counter).toBe(1);
    expect(answer.cookies).toEqual([
      `${cookieName}=${id}; Max-Age=${monthSeconds}; Path=/; HttpOnly; SameSite=Lax; Secure`,
    ]);

    const item = (await sessions())[id];
    expect(item).toEqual({ counter: 1, expires: expect.any(Number) as number });
    expect(item?.expires).toBeGreaterThanOrEqual(earliest + monthSeconds);
    expect(item?.expires).toBeLessThanOrEqual(nowSeconds() + monthSeconds);
  });

  it('gets a unique id of at least 128 random bits', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, begin));
    expect(new Set(ids).size).toBe(40);
    for (const id of ids) {
      expect(id).toMatch(/^v-[A-Za-z0-9_-]+$/);
      expect(Buffer.from(id.slice(2), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    }
    // Each position of the id varies, so no part of it is a clock or a process id.
    for (let place = 2; place < (ids[0]?.length ?? 0); place++) {
      expect(new Set(ids.map((id) => id.charAt(place))).size).toBeGreaterThan(1);
    }
  });
});

describe('A later call', () => {
  it('adds one to the counter, keeps the id, and sets no cookie', async () => {
    const id = await begin();
    const before = (await sessions())[id];
    for (const counter of [2, 3]) {
      const answer = await callAs(id);
      expect(read(answer)).toEqual({ id, counter });
      expect(answer).not.toHaveProperty('cookies');
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
    // The session's end does not move.
    expect((await sessions())[id]).toEqual({ ...before, counter: 3 });
  });

  it('and another at the same time add two to the counter', async () => {
    const id = await begin();
    const answers = await Promise.all([callAs(id), callAs(id)]);
    expect(answers.map((answer) => read(answer).counter).sort()).toEqual([2, 3]);
  });

  it('is counted once, even among 50 at the same time', async () => {
    const id = await begin();
    const answers = await Promise.all(Array.from({ length: 50 }, () => callAs(id)));
    const counters = answers.map((answer) => read(answer).counter).sort((a, b) => a - b);
    expect(counters).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
    expect((await sessions())[id]).toMatchObject({ counter: 51 });
  });

  it('moves only the counter of its own session', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const before = await sessions();
    await callAs(mine);
    expect(await sessions()).toEqual({ ...before, [mine]: { ...before[mine], counter: 2 } });
    expect(before[theirs]).toMatchObject({ counter: 1 });
  });
});

describe('The content type', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/json, text/plain;q=0.5', 'application/json'],
    ['text/plain', 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', 'text/plain'],
    ['image/png', 'text/plain'],
  ])('for Accept: %s is %s', async (accept, type) => {
    const { headers } = await call({ headers: { accept } });
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(headers.vary).toContain('Accept');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('application/json comes with the id and the counter under the same names as in the sentence', async () => {
    const headers = { accept: 'application/json' };
    const first = await call({ headers });
    const { 'session-id': id, ...rest } = JSON.parse(first.body) as Record<string, unknown>;
    expect(rest).toEqual({ counter: 1 });
    const second = await callAs(String(id), { headers });
    expect(JSON.parse(second.body)).toEqual({ 'session-id': id, counter: 2 });
  });
});

describe('An id that Footfall did not issue', () => {
  const wellFormed = `v-${'A'.repeat(32)}`;
  it.each([
    ['unknown', wellFormed],
    ['empty', ''],
    ['too short by one', wellFormed.slice(1)],
    ['too long by one', `${wellFormed}A`],
    ['of 10,000 characters', `v-${'A'.repeat(9_998)}`],
    ['without our prefix', 'A'.repeat(34)],
    ['with letters outside the alphabet', `v-${'é'.repeat(32)}`],
    ['with a line break', `${wellFormed}\n`],
    ['in quotes', `"${wellFormed}"`],
    ['percent-encoded', `v%2D${'A'.repeat(32)}`],
    ['a script', '<script>alert(1)</script>'],
    ['with a header after it', `${wellFormed}\r\nset-cookie: a=b`],
    ['a property name of every object', '__proto__'],
    ['in the shape of a SHA-256', 'ab'.repeat(32)],
  ])('is not adopted: %s', async (_, planted) => {
    const before = await sessions();
    const answer = await callAs(planted);
    const { id, counter } = read(answer);
    expect([answer.statusCode, counter]).toEqual([200, 1]);
    expect(id).not.toBe(planted);
    expect(answer.cookies?.[0]).toMatch(new RegExp(`^${cookieName}=${id};`));
    const after = await sessions();
    expect(Object.keys(after).sort()).toEqual([...Object.keys(before), id].sort());
    // A second call with the same id does not adopt it either.
    expect(read(await callAs(planted)).id).not.toBe(planted);
  });

  it('is not adopted from the query string or a header', async () => {
    const id = await begin();
    const answer = await call({
      query: `session-id=${id}&id=${id}`,
      headers: { 'session-id': id, 'x-session-id': id, authorization: `Bearer ${id}` },
    });
    expect(read(answer)).toMatchObject({ counter: 1 });
    expect(read(answer).id).not.toBe(id);
  });

  it.each([
    ['a hash', 'cd'.repeat(32)],
    ['an id with the prefix of sign-in sessions', `s-${'B'.repeat(32)}`],
  ])('is not adopted when it is the key of a session of another kind: %s', async (_, key) => {
    const other = { counter: 7, expires: nowSeconds() + 1_000, user: 'someone' };
    await put({ 'session-id': key, ...other });
    const answer = await callAs(key);
    expect(read(answer)).toMatchObject({ counter: 1 });
    expect(answer.body).not.toContain(key);
    expect((await sessions())[key]).toEqual(other);
  });
});

describe('A session', () => {
  it.each([
    ['that ended a second ago', -1],
    ['that ended last year', -365 * 24 * 60 * 60],
  ])('%s is replaced by a new one, although its item still exists', async (_, seconds) => {
    const id = await begin();
    const ended = { 'session-id': id, counter: 9, expires: nowSeconds() + seconds };
    await put(ended);
    const answer = await callAs(id);
    expect(read(answer).counter).toBe(1);
    expect(read(answer).id).not.toBe(id);
    expect(answer.cookies).toHaveLength(1);
    expect((await sessions())[id]).toEqual({ counter: 9, expires: ended.expires });
  });

  it('without an end is replaced too, because TTL would never remove it', async () => {
    const id = await begin();
    await put({ 'session-id': id, counter: 9 });
    expect(read(await callAs(id)).id).not.toBe(id);
  });

  it('still counts in its last minute', async () => {
    const id = await begin();
    await put({ 'session-id': id, counter: 9, expires: nowSeconds() + 60 });
    expect(read(await callAs(id))).toEqual({ id, counter: 10 });
  });

  it('ends exactly one month after its first call, however often it is used', async () => {
    const store = new VisitorSessions(engine.client as WriteOnceClient, table);
    const startMs = Date.UTC(2024, 4, 1, 12, 0, 0, 500);
    const { id } = await store.countVisit(undefined, startMs);
    const endMs = Date.UTC(2024, 4, 31, 12);
    expect(await store.countVisit(id, endMs - 86_400_000)).toEqual({ id, counter: 2, isNew: false });
    expect(await store.countVisit(id, endMs - 1)).toEqual({ id, counter: 3, isNew: false });
    const next = await store.countVisit(id, endMs);
    expect(next).toMatchObject({ counter: 1, isNew: true });
    expect(next.id).not.toBe(id);
  });
});

describe('A new id that another session already has', () => {
  it('is an error and leaves that session unchanged', async () => {
    const id = await begin();
    const before = await sessions();
    const store = new VisitorSessions(engine.client as WriteOnceClient, table, () => id);
    await expect(store.countVisit(undefined, Date.now())).rejects.toThrow('conditional request failed');
    expect(await sessions()).toEqual(before);
  });
});

describe('The cookie', () => {
  it.each(['localhost', '127.0.0.1:3000', '[::1]:3000'])(
    'at %s needs no TLS and has a name without the __Host- prefix',
    async (domain) => {
      const first = await call({ domain });
      const { id } = read(first);
      expect(first.cookies).toEqual([
        `footfall-visitor=${id}; Max-Age=${monthSeconds}; Path=/; HttpOnly; SameSite=Lax`,
      ]);
      const second = await call({ domain, cookies: [`footfall-visitor=${id}`] });
      expect(read(second)).toEqual({ id, counter: 2 });
    },
  );

  it.each<[string, Call]>([
    ['a custom domain', { domain: 'count.example.com' }],
    ['a domain that only looks local', { domain: 'localhost.example.com' }],
    ['an address that only looks local', { domain: '127.0.0.1.nip.io' }],
    ['no domain at all', { domain: '' }],
    ['a made-up Host', { headers: { host: 'localhost:3000' } }],
    ['a made-up X-Forwarded-Host', { headers: { 'x-forwarded-host': 'localhost' } }],
    ['a made-up Forwarded', { headers: { forwarded: 'host=localhost;proto=http' } }],
    ['a made-up X-Forwarded-Proto', { headers: { 'x-forwarded-proto': 'http' } }],
    ['a made-up Origin', { headers: { origin: 'http://localhost:3000' } }],
  ])('is limited to TLS and to this host with %s', async (_, parts) => {
    const { cookies = [] } = await call(parts);
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(
      /^__Host-footfall-visitor=[^;]+; .*; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(cookies[0]).not.toMatch(/domain=/i);
  });

  it('is ignored under the name that a sibling subdomain could set', async () => {
    const id = await begin();
    const answer = await call({ cookies: [`footfall-visitor=${id}`] });
    expect(read(answer).id).not.toBe(id);
    expect(await sessions()).toMatchObject({ [id]: { counter: 1 } });
  });

  it('is found by its exact name among other cookies, and never inside their values', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const answer = await call({
      cookies: [`a=${cookieName}=${theirs}`, `x${cookieName}=${theirs}`, `${cookieName}=${mine}`, 'b=2'],
    });
    expect(read(answer)).toEqual({ id: mine, counter: 2 });
  });
});

describe('A session id', () => {
  it('appears only in answers to its owner', async () => {
    const id = await begin();
    for (const other of [await call(), await callAs(`v-${'Z'.repeat(32)}`), await callAs(await begin())]) {
      expect(JSON.stringify(other)).not.toContain(id);
    }
    expect(sessionCounter.log.join('\n')).not.toContain(id);
  });

  it('cannot be read by a page of another origin with the visitor’s cookie', async () => {
    const { headers } = await callAs(await begin(), { headers: { origin: 'https://evil.example' } });
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
  });
});

describe('While the table fails', () => {
  async function during(fault: Fault, parts: Call): Promise<ApiResult & { attempts: number }> {
    proxy.fault = fault;
    proxy.attempts = 0;
    const answer = await call(parts);
    proxy.fault = 'none';
    return { ...answer, attempts: proxy.attempts };
  }
  const cookies = (id: string) => [`${cookieName}=${id}`];

  it.each<[Fault, number]>([
    ['reset', 1],
    ['hang', 1],
    ['internalError', 1],
    // The call is counted but the answer is lost, so a repeat would count it twice.
    ['loseReply', 2],
  ])(
    'with the fault %s, a later call gets a 503, is not repeated, and begins no new session',
    async (fault, after) => {
      const id = await begin();
      const before = await sessions();
      const answer = await during(fault, { cookies: cookies(id) });
      expect([answer.statusCode, answer.attempts]).toEqual([503, 1]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(answer).not.toHaveProperty('cookies');
      expect(await sessions()).toEqual({ ...before, [id]: { ...before[id], counter: after } });
      expect(read(await callAs(id)).counter).toBe(after + 1);
    },
  );

  it('a first call gets a 503 and no cookie, even if the session was written', async () => {
    for (const fault of ['reset', 'loseReply'] as const) {
      const answer = await during(fault, {});
      expect([answer.statusCode, answer.attempts]).toEqual([503, 1]);
      expect(answer).not.toHaveProperty('cookies');
    }
  });

  it('with a single throttle, the call is repeated, because nothing was written', async () => {
    const id = await begin();
    const answer = await during('throttleOnce', { cookies: cookies(id) });
    expect([read(answer).counter, answer.attempts]).toEqual([2, 2]);
  });

  it('the answer has the request id of the log line, as text or as JSON, but neither the cause nor a session id', async () => {
    const id = await begin();
    const text = await during('internalError', { cookies: cookies(id) });
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.body).toMatch(
      /^Footfall cannot reach its table\. Try again in a few seconds\. Request id: [\da-f-]{36}$/,
    );
    const json = await during('internalError', {
      cookies: cookies(id),
      headers: { accept: 'application/json' },
    });
    expect(Object.keys(JSON.parse(json.body) as object).sort()).toEqual(['message', 'requestId']);
    const log = sessionCounter.log.join('\n');
    expect(log).toContain('The secret cause.');
    expect(log).not.toContain(id);
  });
});
