import { SignUpCommand } from '@aws-sdk/client-cognito-identity-provider';
import { generateKeyPairSync } from 'node:crypto';
import { endAll } from '../../support/cleanup';
import { send } from '../../support/http';
import { copyProject, parseResources, templateIn } from '../../support/project';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../../support/runner';
import { forgeToken, memberPassword, readPoolKey, TestUserPool, type SignedIn } from '../../support/userPool';

afterAll(endAll);

/** Another client of the members' pool, and a pool that is somebody else's. */
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
const of = ({ sub }: SignedIn) => `/users/${sub}`;

describe('A stranger', () => {
  it('cannot sign up, where administrators alone invite', async () => {
    const Username = 'stranger@example.com';
    const command = new SignUpCommand({ ClientId: pool.clientId(), Username, Password: memberPassword });
    await expect(pool.client.send(command)).rejects.toThrow('SignUp is not permitted for this user pool');
  });
});

describe('Someone who has signed in', () => {
  it('has a record, under the id that never changes', async () => {
    expect(await call(of(ann), ann.IdToken)).toMatchObject({
      status: 200,
      json: { user_id: ann.sub, name: null, email: 'ann@example.com', age: null, version: 1 },
    });
  });

  it('changes it, and finds the change again after the next sign-in', async () => {
    const changed = await call(of(ann), ann.IdToken, { method: 'PUT', body: { name: 'Ann', age: 37 } });
    expect(changed).toMatchObject({ status: 200, json: { name: 'Ann', age: 37, version: 2 } });
    const { IdToken } = await pool.signIn('ann@example.com');
    expect((await call(of(ann), IdToken)).json).toEqual(changed.json);
  });

  it('is found at /Prod too', async () => {
    expect((await call(`/Prod${of(ann)}`, ann.IdToken)).status).toBe(200);
  });

  it.each<[string, () => Promise<{ status: number; json: unknown }>]>([
    ["another's record", () => call(of(bob), ann.IdToken)],
    ['a record that does not exist', () => call('/users/nobody', ann.IdToken)],
    ["another's record by an address", () => call('/users/bob%40example.com', ann.IdToken)],
    ['the list', () => call('/users', ann.IdToken)],
    ['a change of another', () => call(of(bob), ann.IdToken, { method: 'PUT', body: { name: 'Eve' } })],
    ['a bad change of another', () => call(of(bob), ann.IdToken, { method: 'PUT', body: { role: 1 } })],
    [
      'a change of nobody',
      () => call('/users/nobody', ann.IdToken, { method: 'PUT', body: { name: 'Eve' } }),
    ],
    ['a deletion', () => call(of(bob), ann.IdToken, { method: 'DELETE' })],
    ['a deletion of nobody', () => call('/users/nobody', ann.IdToken, { method: 'DELETE' })],
    ['their own deletion', () => call(of(ann), ann.IdToken, { method: 'DELETE' })],
    ['the list, as one of another group', () => call('/users', bob.IdToken)],
  ])('is refused %s, all in the same words', async (_, attempt) => {
    const { status, json } = await attempt();
    expect([status, json]).toEqual([403, forbidden]);
  });

  it('is no administrator by a group whose name is like it', async () => {
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
    expect((await call(of(bob), admin.IdToken)).json).toMatchObject({ email: 'bob@example.com' });
    expect((await call(of(bob), admin.IdToken, { method: 'PUT', body: { name: 'Bob' } })).status).toBe(200);
  });

  it('is told that there is no such member', async () => {
    for (const method of ['GET', 'DELETE']) {
      expect((await call('/users/nobody', admin.IdToken, { method })).status).toBe(404);
    }
    const body = { name: 'Nobody' };
    expect((await call('/users/nobody', admin.IdToken, { method: 'PUT', body })).status).toBe(404);
  });

  it('deletes a member, who cannot sign in again, and whose record stays away', async () => {
    const eve = await pool.join('eve@example.com');
    const { status, json } = await call(of(eve), admin.IdToken, { method: 'DELETE' });
    expect([status, json]).toEqual([204, undefined]);
    await expect(pool.signIn('eve@example.com')).rejects.toThrow('User is disabled.');
    expect((await call(of(eve), admin.IdToken)).status).toBe(404);
    // Until it runs out, the token still says who it was; it opens nothing and brings nothing back.
    expect((await call(of(eve), eve.IdToken)).status).toBe(404);
    expect((await call(of(eve), eve.IdToken, { method: 'PUT', body: { name: 'Eve' } })).status).toBe(404);
    expect((await call(of(eve), admin.IdToken, { method: 'DELETE' })).status).toBe(204);
  });

  it('cannot delete himself, by whatever name', async () => {
    expect(await call(of(admin), admin.IdToken, { method: 'DELETE' })).toMatchObject({
      status: 409,
      json: { message: 'Administrators cannot delete themselves. Ask another administrator.' },
    });
    for (const id of ['admin%40example.com', admin.sub.toUpperCase()]) {
      expect((await call(`/users/${id}`, admin.IdToken, { method: 'DELETE' })).status).toBe(404);
    }
    expect((await pool.signIn('admin@example.com')).sub).toBe(admin.sub);
  });
});

describe('Without the right token', () => {
  const { privateKey: ownKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const asAdmin = { sub: 'someone', 'cognito:groups': ['admins'] };

  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['no token', () => undefined],
    ['garbage', () => 'garbage'],
    ['claims of his own under the old signature', () => splice(ann.IdToken, asAdmin)],
    ['a key of his own', () => forgeToken(ann.IdToken, ownKey, asAdmin)],
    ['alg none', () => forgeToken(ann.IdToken, 'none', asAdmin)],
    ['an access token', () => admin.AccessToken],
    [
      'the real key, and the audience of nobody',
      () => forgeToken(admin.IdToken, readPoolKey(folder), { aud: 'x' }),
    ],
    ['another pool', async () => (await signInElsewhere()).IdToken],
    // The API's authorizer lets it pass, as it is the same pool; the function does not.
    [
      'another client of the pool',
      async () => (await pool.signIn('admin@example.com', pool.clientId('OtherClient'))).IdToken,
    ],
  ])('anybody is answered 401: %s', async (_, token) => {
    const { status, json, headers } = await call('/users', await token());
    expect([status, json]).toEqual([401, { message: 'Unauthorized' }]);
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'cache-control': 'no-store' });
  });

  it('an expired one is said to be', async () => {
    const exp = Math.floor(Date.now() / 1_000) - 60;
    const { status, json } = await call('/users', forgeToken(admin.IdToken, readPoolKey(folder), { exp }));
    expect([status, json]).toEqual([401, { message: 'The incoming token has expired' }]);
  });

  it.each(['GET', 'PUT', 'DELETE'])('%s of a member is refused too', async (method) => {
    expect((await call(of(ann), undefined, { method })).status).toBe(401);
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
  it('may ask without a token whether it may call', async () => {
    for (const path of ['/users', of(ann)]) {
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

  it('reads the answer', async () => {
    const headers = { Origin: 'https://example.com', Accept: 'text/html' };
    const answer = await call(of(ann), ann.IdToken, { headers });
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': '*',
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
    });
  });
});

describe('What the runner prints', () => {
  it('holds no token, and says nothing of the headers being left out', async () => {
    await waitFor(() => runner.output().includes('OPTIONS /users → UsersFunction'));
    expect(runner.output()).not.toMatch(/eyJ|gateway response/);
  });
});
