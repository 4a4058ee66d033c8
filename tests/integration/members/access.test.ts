import { SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { generateKeyPairSync } from 'node:crypto';
import { endAll } from '../../support/cleanup';
import { send } from '../../support/http';
import { copyProject, parseResources, templateIn } from '../../support/project';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../../support/runner';
import { forgeToken, memberPassword, readPoolKey, TestUserPool, type SignedIn } from '../../support/userPool';

afterAll(endAll);

/** Another client of the members' pool, and another pool with its own client. */
const others = `
Resources:
  OtherClient:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref UserPool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH] }
  OtherPool: { Type: AWS::Cognito::UserPool }
  OtherPoolClient:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref OtherPool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH] }
`;

let folder: string;
let runner: RunnerProcess;
let pool: TestUserPool;
let admin: SignedIn;
let ann: SignedIn;
let bob: SignedIn;

beforeAll(async () => {
  const project = copyProject(
    {},
    { template: ({ Resources }) => Object.assign(Resources, parseResources(others)) },
  );
  folder = makeFolder();
  runner = await startRunnerProcess(folder, { args: templateIn(project) });
  pool = new TestUserPool(runner);
  admin = await pool.join('admin@example.com', ['admins', 'staff']);
  ann = await pool.join('ann@example.com');
  bob = await pool.join('bob@example.com', ['staff']);
});

interface Call {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

async function call(path: string, token?: string, { method = 'GET', body, headers = {} }: Call = {}) {
  const answer = await send(runner.url, path, {
    method,
    headers: {
      ...headers,
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = answer.body === '' ? undefined : (JSON.parse(answer.body) as Record<string, unknown>);
  return { status: answer.status, headers: answer.headers, json };
}

const forbidden = { message: 'Only administrators may do this.' };
const pathOf = ({ sub }: SignedIn) => `/users/${sub}`;

describe('A stranger', () => {
  it('cannot sign up where members are only invited', async () => {
    const Username = 'stranger@example.com';
    const command = new SignUpCommand({ ClientId: pool.clientId(), Username, Password: memberPassword });
    await expect(pool.client.send(command)).rejects.toThrow('SignUp is not permitted for this user pool');
  });
});

describe('A member', () => {
  it('has a record under the permanent user id', async () => {
    expect(await call(pathOf(ann), ann.IdToken)).toMatchObject({
      status: 200,
      json: { user_id: ann.sub, name: null, email: 'ann@example.com', age: null, version: 1 },
    });
  });

  it('can change the record, and the change survives the next sign-in', async () => {
    const changed = await call(pathOf(ann), ann.IdToken, { method: 'PUT', body: { name: 'Ann', age: 37 } });
    expect(changed).toMatchObject({ status: 200, json: { name: 'Ann', age: 37, version: 2 } });
    const { IdToken } = await pool.signIn('ann@example.com');
    expect((await call(pathOf(ann), IdToken)).json).toEqual(changed.json);
  });

  it('can read the record at /Prod too', async () => {
    expect((await call(`/Prod${pathOf(ann)}`, ann.IdToken)).status).toBe(200);
  });

  it.each<[string, () => Promise<{ status: number; json: unknown }>]>([
    ["another's record", () => call(pathOf(bob), ann.IdToken)],
    ['a record that does not exist', () => call('/users/nobody', ann.IdToken)],
    ["another's record by email address", () => call('/users/bob%40example.com', ann.IdToken)],
    ['the list', () => call('/users', ann.IdToken)],
    [
      "a change of another's record",
      () => call(pathOf(bob), ann.IdToken, { method: 'PUT', body: { name: 'Eve' } }),
    ],
    [
      "an invalid change of another's record",
      () => call(pathOf(bob), ann.IdToken, { method: 'PUT', body: { role: 1 } }),
    ],
    [
      'a change of a record that does not exist',
      () => call('/users/nobody', ann.IdToken, { method: 'PUT', body: { name: 'Eve' } }),
    ],
    ["another member's deletion", () => call(pathOf(bob), ann.IdToken, { method: 'DELETE' })],
    [
      'the deletion of a member who does not exist',
      () => call('/users/nobody', ann.IdToken, { method: 'DELETE' }),
    ],
    ['their own deletion', () => call(pathOf(ann), ann.IdToken, { method: 'DELETE' })],
    ['the list as a member of another group', () => call('/users', bob.IdToken)],
  ])('is refused %s with the same message', async (_, attempt) => {
    const { status, json } = await attempt();
    expect([status, json]).toEqual([403, forbidden]);
  });

  it('does not become an administrator through a group with a similar name', async () => {
    const names = ['not-admins', 'admins2', 'Admins', 'super.admins', 'admins-'];
    for (const [index, group] of names.entries()) {
      const like = await pool.join(`like${index}@example.com`, [group]);
      expect((await call('/users', like.IdToken)).status).toBe(403);
    }
  });
});

describe('An administrator', () => {
  it('lists, reads and changes members', async () => {
    const { status, json } = await call('/users?limit=100', admin.IdToken);
    expect(status).toBe(200);
    const ids = (json?.users as { user_id: string }[]).map(({ user_id }) => user_id);
    expect(ids).toEqual(expect.arrayContaining([admin.sub, ann.sub, bob.sub]));
    expect((await call(pathOf(bob), admin.IdToken)).json).toMatchObject({ email: 'bob@example.com' });
    expect((await call(pathOf(bob), admin.IdToken, { method: 'PUT', body: { name: 'Bob' } })).status).toBe(
      200,
    );
  });

  it('gets a 404 for a member who does not exist', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect((await call('/users/nobody', admin.IdToken, { method })).status).toBe(404);
    }
    const body = { name: 'Nobody' };
    expect((await call('/users/nobody', admin.IdToken, { method: 'PUT', body })).status).toBe(404);
  });

  it('can delete a member, who can then neither sign in nor restore the record', async () => {
    const eve = await pool.join('eve@example.com');
    const { status, json } = await call(pathOf(eve), admin.IdToken, { method: 'DELETE' });
    expect([status, json]).toEqual([204, undefined]);
    await expect(pool.signIn('eve@example.com')).rejects.toThrow('User is disabled.');
    expect((await call(pathOf(eve), admin.IdToken)).status).toBe(404);
    // The deleted member's token stays valid until it expires. It neither reads nor restores the record.
    expect((await call(pathOf(eve), eve.IdToken)).status).toBe(404);
    expect((await call(pathOf(eve), eve.IdToken, { method: 'PUT', body: { name: 'Eve' } })).status).toBe(404);
    expect((await call(pathOf(eve), admin.IdToken, { method: 'DELETE' })).status).toBe(204);
  });

  it('cannot delete their own record under any spelling of the id', async () => {
    expect(await call(pathOf(admin), admin.IdToken, { method: 'DELETE' })).toMatchObject({
      status: 409,
      json: { message: 'Administrators cannot delete themselves. Ask another administrator.' },
    });
    for (const id of ['admin%40example.com', admin.sub.toUpperCase()]) {
      expect((await call(`/users/${id}`, admin.IdToken, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await pool.signIn('admin@example.com')).sub).toBe(admin.sub);
  });
});

describe('A call without a valid token', () => {
  const { privateKey: ownKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asAdmin = { sub: 'someone', 'cognito:groups': ['admins'] };

  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['no token', () => undefined],
    ['text that is not a token', () => 'garbage'],
    ['changed claims under the original signature', () => splice(ann.IdToken, asAdmin)],
    ['a key of the attacker', () => forgeToken(ann.IdToken, ownKey, asAdmin)],
    ['the algorithm none', () => forgeToken(ann.IdToken, 'none', asAdmin)],
    ['an access token', () => admin.AccessToken],
    [
      'the real key and an unknown audience',
      () => forgeToken(admin.IdToken, readPoolKey(folder), { aud: 'x' }),
    ],
    ['a token of another pool', async () => (await signInElsewhere()).IdToken],
    // The API's authorizer accepts this token because the pool is the same. The function refuses it.
    [
      'a token of another client of the pool',
      async () => (await pool.signIn('admin@example.com', pool.clientId('OtherClient'))).IdToken,
    ],
  ])('gets a 401: %s', async (_, token) => {
    const { status, json, headers } = await call('/users', await token());
    expect([status, json]).toEqual([401, { message: 'Unauthorized' }]);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
  });

  it('gets a 401 that names the expiry of an expired token', async () => {
    const exp = Math.floor(Date.now() / 1_000) - 60;
    const { status, json } = await call('/users', forgeToken(admin.IdToken, readPoolKey(folder), { exp }));
    expect([status, json]).toEqual([401, { message: 'The incoming token has expired' }]);
  });

  it.each(['GET', 'PUT', 'DELETE'])('cannot %s a member', async (method) => {
    expect((await call(pathOf(ann), undefined, { method })).status).toBe(401);
  });

  async function signInElsewhere(): Promise<SignedIn> {
    const elsewhere = new TestUserPool(runner, 'OtherPool');
    await elsewhere.addUser('admin', ['admins']);
    return elsewhere.signIn('admin', elsewhere.clientId('OtherPoolClient'));
  }

  function splice(token: string, changes: object): string {
    const [head = '', payload = ''] = forgeToken(token, 'none', changes).split('.');
    return [head, payload, token.split('.')[2]].join('.');
  }
});

describe('A page of another origin', () => {
  it('may send a preflight request without a token', async () => {
    for (const path of ['/users', pathOf(ann)]) {
      const { status, headers, json } = await call(path, undefined, {
        method: 'OPTIONS',
        headers: { Origin: 'https://example.com', 'Access-Control-Request-Method': 'PUT' },
      });
      expect([status, json]).toEqual([204, undefined]);
      expect(headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, PUT, DELETE',
        'access-control-allow-headers': 'Authorization, Content-Type',
      });
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
    }
  });

  it('may read the answer', async () => {
    const headers = { Origin: 'https://example.com', Accept: 'text/html' };
    const answer = await call(pathOf(ann), ann.IdToken, { headers });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
  });
});

describe('The output of the runner', () => {
  it('contains neither a token nor a note about gateway responses', async () => {
    await waitFor(() => runner.output().includes('OPTIONS /users → UsersFunction'));
    expect(runner.output()).not.toMatch(/eyJ|gateway response/);
  });
});
