import { BatchWriteItemCommand, PutItemCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../../support/engine';
import { readEvent } from '../../support/events';
import { startFaultyProxy, type Fault, type FaultyProxy } from '../../support/faultyProxy';
import { startFunction, type TestFunction } from '../../support/functions';
import { memberClaims, memberEvent, type MemberCall } from '../../support/memberEvents';

let engine: TestEngine;
let proxy: FaultyProxy;
let users: TestFunction;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  users = await startFunction('UsersFunction', { ...engine, endpoint: proxy.endpoint });
});

afterAll(endAll);

const ann = '6f2c1b8a-3d4e-4f5a-8b6c-7d8e9f0a1b2c';
const annsRecord = { user_id: ann, name: 'Ann', email: 'ann@example.com', version: 1 };

beforeEach(async () => {
  const present = Object.keys(await members());
  await write(present.map((user_id) => ({ DeleteRequest: { Key: marshall({ user_id }) } })));
  await put(annsRecord);
});

const members = () => readItems(engine.client, 'UsersTable', 'user_id');

async function write(requests: WriteRequest[]): Promise<void> {
  for (let start = 0; start < requests.length; start += 25) {
    const RequestItems = { UsersTable: requests.slice(start, start + 25) };
    await engine.client.send(new BatchWriteItemCommand({ RequestItems }));
  }
}

async function put(item: Record<string, unknown>): Promise<void> {
  await engine.client.send(new PutItemCommand({ TableName: 'UsersTable', Item: marshall(item) }));
}

interface Answer {
  status: number;
  json: Record<string, unknown>;
}

async function call(parts: MemberCall): Promise<Answer> {
  const { statusCode, body } = await users.answer(memberEvent(parts));
  return { status: statusCode, json: JSON.parse(body) as Record<string, unknown> };
}

const change = (body: unknown, more: MemberCall = {}) =>
  call({ method: 'PUT', userId: ann, claims: memberClaims(ann), body, ...more });

describe('The sample events', () => {
  it('users.json lists the members', async () => {
    const { statusCode, headers, body } = await users.answer(readEvent('users.json'));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { users: [{ ...annsRecord, age: null }] }]);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      vary: 'Accept, Origin',
    });
  });

  it('users.read.json shows a member her record', async () => {
    const { statusCode, body } = await users.answer(readEvent('users.read.json'));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { ...annsRecord, age: null }]);
  });

  it('users.change.json changes the record', async () => {
    const { statusCode, body } = await users.answer(readEvent('users.change.json'));
    const changed = { name: 'Ann Example', email: 'ann@example.com', age: 37, version: 2 };
    expect([statusCode, JSON.parse(body)]).toEqual([200, { user_id: ann, ...changed }]);
    expect(await members()).toEqual({ [ann]: changed });
  });

  it('users.noToken.json, as sam local sends it without an authorizer, gets a 401', async () => {
    const { statusCode, body } = await users.answer(readEvent('users.noToken.json'));
    expect([statusCode, JSON.parse(body)]).toEqual([401, { message: 'Unauthorized' }]);
  });

  it('users.preflight.json gets the headers that a page may send', async () => {
    const { statusCode, headers, body } = await users.answer(readEvent('users.preflight.json'));
    expect([statusCode, body]).toEqual([204, '']);
    expect(headers['access-control-allow-headers']).toBe('Authorization, Content-Type');
  });
});

describe('Calls without verified claims', () => {
  it.each<[string, MemberCall]>([
    ['no claims', { claims: null }],
    ['the claims of another client', { claims: { aud: 'OtherClient' } }],
    ['the claims of an access token', { claims: { token_use: 'access' } }],
    [
      'a token that no authorizer checked',
      { claims: null, headers: { Authorization: 'Bearer eyJhbGciOiJub25lIn0.e30.' } },
    ],
  ])('get a 401 in JSON, whatever type they accept: %s', async (_, given) => {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answer = await call({ headers: { Accept: 'text/html' }, userId: ann, ...given, method });
      expect(answer).toEqual({ status: 401, json: { message: 'Unauthorized' } });
    }
    expect(await members()).toHaveProperty([ann]);
    expect(users.log.join('\n')).not.toContain('eyJ');
  });
});

describe('A change of a member', () => {
  it('changes only the fields that it names', async () => {
    await change({ age: 37 });
    expect(await members()).toEqual({
      [ann]: { name: 'Ann', email: 'ann@example.com', age: 37, version: 2 },
    });
    await change({ name: null, age: null });
    expect(await members()).toEqual({ [ann]: { email: 'ann@example.com', version: 3 } });
  });

  it('stores a script in a name unchanged', async () => {
    const name = '<script>alert("1")</script>';
    expect((await change({ name })).json.name).toBe(name);
    expect((await members())[ann]?.name).toBe(name);
  });

  it('of an outdated version is refused with the current version', async () => {
    expect((await change({ age: 37, version: 1 })).status).toBe(200);
    expect(await change({ age: 99, version: 1 })).toEqual({
      status: 409,
      json: { message: 'The member has changed and is now at version 2. Read it again.' },
    });
    expect((await change({ age: 38, version: 2 })).json.version).toBe(3);
    expect((await members())[ann]?.age).toBe(38);
  });

  it('of one version succeeds once among ten at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, age) =>
        change({ age, version: 1 }).then((answer) => ({ age, ...answer })),
      ),
    );
    const made = answers.filter(({ status }) => status === 200);
    expect(made).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(9);
    expect((await members())[ann]).toMatchObject({ age: made[0]?.age, version: 2 });
  });

  it('without a version keeps the changes that others make at the same time', async () => {
    const answers = await Promise.all([
      change({ name: 'Ann B.' }),
      change({ age: 37 }),
      change({ email: 'a@b.de' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await members())[ann]).toEqual({ name: 'Ann B.', age: 37, email: 'a@b.de', version: 4 });
  });

  it('does not create a member', async () => {
    const nobody = { userId: 'nobody', claims: memberClaims('nobody') };
    expect((await change({ age: 37 }, nobody)).status).toBe(404);
    expect((await change({ age: 37, version: 0 }, nobody)).status).toBe(404);
    expect(Object.keys(await members())).toEqual([ann]);
  });

  it('works on an item without a version that something else wrote', async () => {
    await put({ user_id: 'by-hand', name: 'Hand', age: 60 });
    const hand = { userId: 'by-hand', claims: {} };
    expect((await call(hand)).json).toMatchObject({ name: 'Hand', age: 60, email: null, version: 0 });
    expect((await change({ age: 61, version: 0 }, hand)).json).toMatchObject({ age: 61, version: 1 });
    expect((await change({ age: 62, version: 0 }, hand)).status).toBe(409);
  });

  it.each<[string, unknown, string]>([
    ['an empty body', '', 'The body is not valid JSON.'],
    ['broken JSON', '{"name":', 'The body is not valid JSON.'],
    ['a form', 'name=Ann', 'The body is not valid JSON.'],
    ['deeply nested JSON', '['.repeat(100_000), 'The body is not valid JSON.'],
    ['a list', [], 'The body must be a JSON object.'],
    ['null', 'null', 'The body must be a JSON object.'],
    ['text', '"Ann"', 'The body must be a JSON object.'],
    ['a name of 10,000 characters', { name: 'n'.repeat(10_000) }, '`name` must be'],
    ['a wrong type', { age: '37' }, '`age` must be'],
    ['an unknown field', { role: 'admin' }, 'Only `name`'],
    ['a prototype', '{"__proto__":{"isAdmin":true}}', 'Only `name`'],
    ['a user id', { user_id: 'bob' }, 'Only `name`'],
  ])('with %s gets a 400 with one sentence and changes nothing', async (_, body, sentence) => {
    const { status, json } = await change(body);
    expect([status, String(json.message).startsWith(sentence)]).toEqual([400, true]);
    expect(await members()).toEqual({ [ann]: { name: 'Ann', email: 'ann@example.com', version: 1 } });
  });

  it('may be encoded in Base64', async () => {
    const event = memberEvent({ method: 'PUT', userId: ann, claims: memberClaims(ann) });
    const body = Buffer.from('{"name":"Änn"}').toString('base64');
    expect((await users.answer({ ...event, body, isBase64Encoded: true })).statusCode).toBe(200);
    expect((await members())[ann]?.name).toBe('Änn');
  });

  it('with an id that is too long for a key or badly encoded is refused', async () => {
    expect((await call({ userId: 'x'.repeat(2_049) })).status).toBe(404);
    expect((await call({ userId: '%zz' })).status).toBe(400);
  });
});

describe('While the table fails', () => {
  it.each<[Fault, MemberCall, number, number]>([
    ['reset', {}, 503, 3],
    ['reset', { userId: ann }, 503, 3],
    // The change is written but the answer is lost, so a repeat would meet its own version.
    ['loseReply', { method: 'PUT', userId: ann, body: { age: 37, version: 1 } }, 503, 1],
    ['throttleOnce', { method: 'PUT', userId: ann, body: { age: 37, version: 1 } }, 200, 2],
  ])(
    'with the fault %s, a call of %j gets a %i after %i attempts',
    async (fault, parts, status, attempts) => {
      proxy.fault = fault;
      proxy.attempts = 0;
      const answer = await call(parts);
      proxy.fault = 'none';
      expect([answer.status, proxy.attempts]).toEqual([status, attempts]);
      expect(JSON.stringify(answer.json)).not.toContain('secret');
    },
  );
});
