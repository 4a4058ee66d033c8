import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { endAll, endLater } from '../../support/cleanup';
import { readItems, startTestEngine, type TestEngine } from '../../support/engine';
import { startFaultyProxy, type FaultyProxy } from '../../support/faultyProxy';
import { startFunction, type TestFunction } from '../../support/functions';
import { adminId, memberEvent } from '../../support/memberEvents';

/** The answers of a stub user pool. It replaces cognito-local, which never fails. */
type PoolAnswer =
  'well' | 'UserNotFoundException' | 'TooManyRequestsException' | 'InternalErrorException' | 'reset';

let engine: TestEngine;
let proxy: FaultyProxy;
let users: TestFunction;
let poolAnswer: PoolAnswer = 'well';
/** The calls that disabled a user in the pool. */
let disabled: unknown[] = [];

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  const pool = createServer((request, response) => {
    void text(request).then((body) => {
      if (poolAnswer === 'reset') return request.socket.resetAndDestroy();
      disabled.push([request.headers['x-amz-target'], JSON.parse(body)]);
      const status = { well: 200, InternalErrorException: 500 }[poolAnswer as string] ?? 400;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
      return response.end(status === 200 ? '{}' : JSON.stringify({ __type: poolAnswer, message: 'secret' }));
    });
  }).listen(0, '127.0.0.1');
  await once(pool, 'listening');
  endLater(async () => {
    pool.close();
    pool.closeAllConnections();
    await once(pool, 'close');
  });
  const cognitoEndpoint = `http://127.0.0.1:${(pool.address() as AddressInfo).port}`;
  users = await startFunction('UsersFunction', { ...engine, endpoint: proxy.endpoint, cognitoEndpoint });
});

afterAll(endAll);

const ann = '6f2c1b8a-3d4e-4f5a-8b6c-7d8e9f0a1b2c';

beforeEach(async () => {
  await put(ann);
  disabled = [];
  poolAnswer = 'well';
});

async function put(user_id: string): Promise<void> {
  const Item = marshall({ user_id, name: 'Ann', version: 1 });
  await engine.client.send(new PutItemCommand({ TableName: 'UsersTable', Item }));
}

async function remove(userId: string) {
  const { statusCode, body } = await users.answer(memberEvent({ method: 'DELETE', userId }));
  return { status: statusCode, body };
}

const ids = async () => Object.keys(await readItems(engine.client, 'UsersTable', 'user_id'));

describe('A deletion', () => {
  it('disables the user and removes the record', async () => {
    expect(await remove(ann)).toEqual({ status: 204, body: '' });
    expect(disabled).toEqual([
      ['AWSCognitoIdentityProviderService.AdminDisableUser', { UserPoolId: 'UserPool', Username: ann }],
    ]);
    expect(await ids()).toEqual([]);
  });

  it('may be repeated', async () => {
    expect((await remove(ann)).status).toBe(204);
    expect((await remove(ann)).status).toBe(204);
  });

  it('removes the record of a user who is no longer in the pool', async () => {
    poolAnswer = 'UserNotFoundException';
    expect((await remove(ann)).status).toBe(204);
    expect(await ids()).toEqual([]);
    expect((await remove(ann)).status).toBe(404);
  });

  it.each<PoolAnswer>(['reset', 'InternalErrorException', 'TooManyRequestsException'])(
    'that fails in the pool with %s gets a 503 and keeps the record, because a sign-in would restore it',
    async (answer) => {
      poolAnswer = answer;
      const { status, body } = await remove(ann);
      expect(status).toBe(503);
      expect(JSON.parse(body)).toMatchObject({
        message: 'Footfall cannot reach its user pool. Try again in a few seconds.',
      });
      expect(body).not.toContain('secret');
      expect(await ids()).toEqual([ann]);
      poolAnswer = 'well';
      expect((await remove(ann)).status).toBe(204);
    },
  );

  it('that disables the user but fails to remove the record is completed by the next one', async () => {
    proxy.fault = 'reset';
    expect((await remove(ann)).status).toBe(503);
    proxy.fault = 'none';
    expect(disabled).toHaveLength(1);
    expect(await ids()).toEqual([ann]);
    expect((await remove(ann)).status).toBe(204);
    expect(await ids()).toEqual([]);
  });

  it.each(['ann%40example.com', ann.toUpperCase(), 'member-7', `${ann}%0A`])(
    'of %s does not reach the pool, which accepts other names of a user too',
    async (userId) => {
      expect((await remove(userId)).status).toBe(404);
      expect(disabled).toEqual([]);
    },
  );

  it('removes an item without a user that something else wrote', async () => {
    await put('by-hand');
    expect((await remove('by-hand')).status).toBe(204);
    expect(await ids()).toEqual([ann]);
    expect(disabled).toEqual([]);
  });

  it('of the administrator who asks for it is refused before anything changes', async () => {
    expect((await remove(adminId)).status).toBe(409);
    expect(disabled).toEqual([]);
  });
});
