import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { parseUrl } from '@smithy/core/protocols';
import { startEngine } from '../../local/engine/engine';
import { Checkpoints } from '../../local/streams/checkpoints';
import { startStreamConsumer } from '../../local/streams/consumer';
import { createMapping } from '../support/streamRecords';
import { createStreamedTable, listIds, waitUntil } from '../support/streamedTable';

let folder: string;
const cleanUp: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'outage-'));
});
afterEach(async () => {
  for (const release of cleanUp.splice(0).reverse()) await release();
  await rm(folder, { recursive: true });
});

test('a consumer resumes at its position after an outage of the engine, and can be stopped during one', async () => {
  const database = path.join(folder, 'engine.db');
  let engine = await startEngine(database);
  cleanUp.push(() => engine.stop());
  const config = {
    // The engine comes back on another port.
    endpoint: () => Promise.resolve(parseUrl(engine.endpoint)),
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  const [table, streams] = [new DynamoDBClient(config), new DynamoDBStreamsClient(config)];
  const put = (id: string) =>
    table.send(new PutItemCommand({ TableName: 'Things', Item: { ID: { S: id } } }));

  const batches: string[][] = [];
  const logged: string[] = [];
  const consumer = startStreamConsumer({
    mapping: createMapping({ streamArn: await createStreamedTable(table, 'Things') }),
    streams,
    invoke: ({ Records: records }) => {
      batches.push(listIds(records));
      return Promise.resolve({ ok: true, response: null, requestId: 'r1' });
    },
    checkpoints: await Checkpoints.open(folder, () => undefined),
    sendToDestination: () => Promise.resolve(),
    log: (message) => logged.push(message),
  });
  cleanUp.push(() => consumer.stop());

  await put('a');
  await waitUntil(() => batches.length === 1);
  await engine.stop();
  await waitUntil(() => logged.length === 1);
  engine = await startEngine(database);
  await put('b');
  await waitUntil(() => batches.length === 2 && logged.length === 2);
  expect(batches).toEqual([['a'], ['b']]);
  expect(logged).toEqual([
    expect.stringMatching(/^The stream of ThingsFunction cannot be read; trying on\./),
    'The stream of ThingsFunction can be read again.',
  ]);

  await engine.stop();
  await waitUntil(() => logged.length === 3);
  const startedMs = Date.now();
  await consumer.stop();
  expect(Date.now() - startedMs).toBeLessThan(1_000);
});
