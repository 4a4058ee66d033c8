import { PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import type { WriteOnceClient } from '../../src/aws/dynamodb';
import { MembersTable } from '../../src/members/membersTable';
import { scanTags } from '../../src/reports/tagScan';
import { TagChanges } from '../../src/tags/tagChanges';
import { endAll } from '../support/cleanup';
import { startTestEngine, type TestEngine } from '../support/engine';

let engine: TestEngine;
let logged: jest.SpyInstance<unknown, unknown[]>;

beforeAll(async () => {
  engine = await startTestEngine();
});
beforeEach(() => {
  logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
});
afterEach(() => {
  logged.mockRestore();
});
afterAll(endAll);

function put(TableName: string, Item: Record<string, AttributeValue>) {
  return engine.client.send(new PutItemCommand({ TableName, Item }));
}

describe('A damaged item', () => {
  it('is left out of the list of tags, which is then marked incomplete and keeps the other tags', async () => {
    await put('DynamoDBTable', { ID: { S: '/good' }, Count: { N: '2' } });
    await put('DynamoDBTable', { ID: { S: '/bad' }, Count: { S: 'two' } });
    expect(await scanTags(engine.client, 'DynamoDBTable')).toEqual({
      tags: [{ tag: '/good', count: 2 }],
      isComplete: false,
    });
    expect(logged).toHaveBeenCalledTimes(1);
  });

  it('is left out of the list of changes, and the log does not contain its value', async () => {
    await put('ChangesTable', {
      Log: { S: 'tags' },
      At: { S: '2026-01-01T00:00:00.000Z a' },
      Action: { N: '77' },
    });
    const changes = new TagChanges(engine.client, { counts: 'DynamoDBTable', changes: 'ChangesTable' });
    expect(await changes.listLatest(10)).toEqual([]);
    expect(String(logged.mock.calls[0]?.[1])).toMatch(/Action.*type N/);
    expect(String(logged.mock.calls[0]?.[1])).not.toContain('77');
  });
});

it('A member whose details have the wrong types is shown without them', async () => {
  await put('UsersTable', {
    user_id: { S: 'ann' },
    name: { NULL: true },
    age: { S: 'old' },
    email: { S: 'ann@example.com' },
  });
  const { client } = engine;
  const table = new MembersTable(client, client as WriteOnceClient, 'UsersTable');
  expect((await table.list(10, undefined)).members).toEqual([
    { user_id: 'ann', name: null, email: 'ann@example.com', age: null, version: 0 },
  ]);
});
