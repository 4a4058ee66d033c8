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

/** One call of `GET /session`, as the beacon API puts it. */
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

/** A call with an id for a cookie. */
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
  it('begins a session of a month, and says it in a sentence', async () => {
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

  it('gets an id of at least 128 random bits, which no other gets', async () => {
    const ids = await Promise.all(Array.from({ length: 40 }, begin));
    expect(new Set(ids).size).toBe(40);
    for (const id of ids) {
      expect(id).toMatch(/^v-[A-Za-z0-9_-]+$/);
      expect(Buffer.from(id.slice(2), 'base64url').length * 8).toBeGreaterThanOrEqual(128);
    }
    // Each place of the id varies, so none of it is a clock or a process.
    for (let place = 2; place < (ids[0]?.length ?? 0); place++) {
      expect(new Set(ids.map((id) => id.charAt(place))).size).toBeGreaterThan(1);
    }
  });
});

describe('A later call', () => {
  it('adds one, keeps the id, and sets no cookie', async () => {
    const id = await begin();
    const before = (await sessions())[id];
    for (const counter of [2, 3]) {
      const answer = await callAs(id);
      expect(read(answer)).toEqual({ id, counter });
      expect(answer).not.toHaveProperty('cookies');
      expect(answer.headers).not.toHaveProperty('set-cookie');
    }
    // Its end stays where it was.
    expect((await sessions())[id]).toEqual({ ...before, counter: 3 });
  });

  it('at the same time as another makes two', async () => {
    const id = await begin();
    const answers = await Promise.all([callAs(id), callAs(id)]);
    expect(answers.map((answer) => read(answer).counter).sort()).toEqual([2, 3]);
  });

  it('among many at once is counted, each of them', async () => {
    const id = await begin();
    const answers = await Promise.all(Array.from({ length: 50 }, () => callAs(id)));
    const counters = answers.map((answer) => read(answer).counter).sort((a, b) => a - b);
    expect(counters).toEqual(Array.from({ length: 50 }, (_, index) => index + 2));
    expect((await sessions())[id]).toMatchObject({ counter: 51 });
  });

  it('moves the counter of its own session and of no other', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const before = await sessions();
    await callAs(mine);
    expect(await sessions()).toEqual({ ...before, [mine]: { ...before[mine], counter: 2 } });
    expect(before[theirs]).toMatchObject({ counter: 1 });
  });
});

describe('The kind of answer', () => {
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

  it('as JSON has the same two in the same words', async () => {
    const headers = { accept: 'application/json' };
    const first = await call({ headers });
    const { 'session-id': id, ...rest } = JSON.parse(first.body) as Record<string, unknown>;
    expect(rest).toEqual({ counter: 1 });
    const second = await callAs(String(id), { headers });
    expect(JSON.parse(second.body)).toEqual({ 'session-id': id, counter: 2 });
  });
});

describe('An id that we did not issue', () => {
  const wellFormed = `v-${'A'.repeat(32)}`;
  it.each([
    ['unknown', wellFormed],
    ['empty', ''],
    ['too short by one', wellFormed.slice(1)],
    ['too long by one', `${wellFormed}A`],
    ['of 10,000 characters', `v-${'A'.repeat(9_998)}`],
    ['without our prefix', 'A'.repeat(34)],
    ['of other letters', `v-${'é'.repeat(32)}`],
    ['with a line break', `${wellFormed}\n`],
    ['in quotes', `"${wellFormed}"`],
    ['percent-encoded', `v%2D${'A'.repeat(32)}`],
    ['that is a script', '<script>alert(1)</script>'],
    ['with a header behind it', `${wellFormed}\r\nset-cookie: a=b`],
    ['of a property of every object', '__proto__'],
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
    // Nor is it ever after.
    expect(read(await callAs(planted)).id).not.toBe(planted);
  });

  it('is not adopted from the address or a header either', async () => {
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
    ['a text like ours', `s-${'B'.repeat(32)}`],
  ])('is not adopted though a session of another kind has it for its key: %s', async (_, key) => {
    const other = { counter: 7, expires: nowSeconds() + 1_000, user: 'someone' };
    await put({ 'session-id': key, ...other });
    const answer = await callAs(key);
    expect(read(answer)).toMatchObject({ counter: 1 });
    expect(answer.body).not.toContain(key);
    expect((await sessions())[key]).toEqual(other);
  });
});

describe('An expired session', () => {
  it.each([
    ['that ended a second ago', -1],
    ['that ended last year', -365 * 24 * 60 * 60],
  ])('%s counts as none, though its item is still there', async (_, seconds) => {
    const id = await begin();
    const ended = { 'session-id': id, counter: 9, expires: nowSeconds() + seconds };
    await put(ended);
    const answer = await callAs(id);
    expect(read(answer).counter).toBe(1);
    expect(read(answer).id).not.toBe(id);
    expect(answer.cookies).toHaveLength(1);
    expect((await sessions())[id]).toEqual({ counter: 9, expires: ended.expires });
  });

  it('is one without an end too, for TTL would never remove it', async () => {
    const id = await begin();
    await put({ 'session-id': id, counter: 9 });
    expect(read(await callAs(id)).id).not.toBe(id);
  });

  it('is not yet one in its last minute', async () => {
    const id = await begin();
    await put({ 'session-id': id, counter: 9, expires: nowSeconds() + 60 });
    expect(read(await callAs(id))).toEqual({ id, counter: 10 });
  });

  it('ends to the second, a month after its first call, however often it was used', async () => {
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

describe('A new id that is taken', () => {
  it('is an error, and leaves the session that has it alone', async () => {
    const id = await begin();
    const before = await sessions();
    const store = new VisitorSessions(engine.client as WriteOnceClient, table, () => id);
    await expect(store.countVisit(undefined, Date.now())).rejects.toThrow('conditional request failed');
    expect(await sessions()).toEqual(before);
  });
});

describe('The cookie', () => {
  it.each(['localhost', '127.0.0.1:3000', '[::1]:3000'])(
    'at %s needs no TLS, and has a name without the prefix',
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
  ])('is for TLS and this host alone with %s', async (_, parts) => {
    const { cookies = [] } = await call(parts);
    expect(cookies).toHaveLength(1);
    expect(cookies[0]).toMatch(
      /^__Host-footfall-visitor=[^;]+; .*; Path=\/; .*HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(cookies[0]).not.toMatch(/domain=/i);
  });

  it('is not read by the name that a neighbour under the same domain could give it', async () => {
    const id = await begin();
    const answer = await call({ cookies: [`footfall-visitor=${id}`] });
    expect(read(answer).id).not.toBe(id);
    expect(await sessions()).toMatchObject({ [id]: { counter: 1 } });
  });

  it('is found among others, and not in their values', async () => {
    const [mine, theirs] = [await begin(), await begin()];
    const answer = await call({
      cookies: [`a=${cookieName}=${theirs}`, `x${cookieName}=${theirs}`, `${cookieName}=${mine}`, 'b=2'],
    });
    expect(read(answer)).toEqual({ id: mine, counter: 2 });
  });
});

describe('A session id', () => {
  it('is never shown to anyone but its owner', async () => {
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
    // Counted, but nobody can tell: repeated, it would be counted twice.
    ['loseReply', 2],
  ])(
    'by %s, a later call is answered 503, not repeated, and begins no other session',
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

  it('a first call is answered 503 and given no cookie, even where the session was written', async () => {
    for (const fault of ['reset', 'loseReply'] as const) {
      const answer = await during(fault, {});
      expect([answer.statusCode, answer.attempts]).toEqual([503, 1]);
      expect(answer).not.toHaveProperty('cookies');
    }
  });

  it('by throttling once, the call is repeated, for nothing was written', async () => {
    const id = await begin();
    const answer = await during('throttleOnce', { cookies: cookies(id) });
    expect([read(answer).counter, answer.attempts]).toEqual([2, 2]);
  });

  it('the answer is a sentence with the id of the log, or JSON, and never the cause or a session', async () => {
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
