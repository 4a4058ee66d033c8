import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  BatchWriteItemCommand,
  DeleteTableCommand,
  DynamoDBClient,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { startEngine, type Engine } from '../../local/engine/engine';
import type { InvocationResult } from '../../local/streams/batch';
import { Checkpoints } from '../../local/streams/checkpoints';
import { startStreamConsumer, type StreamConsumer } from '../../local/streams/consumer';
import type { FailureMessage } from '../../local/streams/failureMessage';
import type { EventSourceMapping } from '../../local/streams/mapping';
import type { StreamRecord } from '../../local/streams/record';
import { createMapping } from '../support/streamRecords';
import { createStreamedTable, listIds, listNumbers, waitUntil } from '../support/streamedTable';

/** AWS's sequence numbers have 21 digits or more. The engine counts from 1. */
const sequenceNumber = (count: number) => `1${String(count).padStart(20, '0')}`;
/** The stream's ARN in AWS's form, with the Region and account of the function. */
const awsArn = () =>
  expect.stringMatching(
    `^arn:aws:dynamodb:eu-central-1:123456789012:table/${tableName}/stream/\\d{4}-\\d\\d-\\d\\dT[\\d:]+\\.\\d{3}$`,
  ) as string;

const succeed: InvocationResult = { ok: true, response: null, requestId: 'r1' };
const fail: InvocationResult = { ok: false, error: 'Error: no', requestId: 'r2', functionError: 'Unhandled' };

let engine: Engine;
let table: DynamoDBClient;
let streams: DynamoDBStreamsClient;
let tableCount = 0;

let tableName: string;
let streamArn: string;
let folder: string;
let consumers: StreamConsumer[];
let batches: StreamRecord[][];
let messages: FailureMessage[];

beforeAll(async () => {
  engine = await startEngine();
  const config = {
    endpoint: engine.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  table = new DynamoDBClient(config);
  streams = new DynamoDBStreamsClient(config);
});
afterAll(async () => {
  table.destroy();
  streams.destroy();
  await engine.stop();
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'streams-'));
  [consumers, batches, messages] = [[], [], []];
  await createTable();
});
afterEach(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await rm(folder, { recursive: true });
});

/** Creates a table and points `tableName` and `streamArn` to it. */
async function createTable(name = `Things${tableCount++}`): Promise<void> {
  tableName = name;
  streamArn = await createStreamedTable(table, name);
}

async function startConsumer(
  overrides: Partial<EventSourceMapping> = {},
  invoke: (records: StreamRecord[]) => InvocationResult = () => succeed,
): Promise<StreamConsumer> {
  const consumer = startStreamConsumer({
    mapping: createMapping({ streamArn, ...overrides }),
    streams,
    invoke: ({ Records: records }) => {
      batches.push(records);
      return Promise.resolve(invoke(records));
    },
    checkpoints: await Checkpoints.open(folder, () => undefined),
    sendToDestination: (_, message) => {
      messages.push(message);
      return Promise.resolve();
    },
    log: () => undefined,
  });
  consumers.push(consumer);
  return consumer;
}

async function put(
  id: string,
  attributes: Record<string, AttributeValue> = {},
  client = table,
): Promise<void> {
  await client.send(new PutItemCommand({ TableName: tableName, Item: { ID: { S: id }, ...attributes } }));
}

test('a record has the shape that Lambda passes to a function', async () => {
  await startConsumer();
  await put('a', { Bytes: { B: new Uint8Array([1, 2, 255]) } });
  await put('a', { Count: { N: '5' } });
  await waitUntil(() => batches.flat().length === 2);
  const [, second] = batches.flat();
  expect(second).toEqual({
    eventID: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    eventName: 'MODIFY',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: 'eu-central-1',
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number) as number,
      Keys: { ID: { S: 'a' } },
      NewImage: { ID: { S: 'a' }, Count: { N: '5' } },
      OldImage: { ID: { S: 'a' }, Bytes: { B: 'AQL/' } },
      SequenceNumber: sequenceNumber(2),
      SizeBytes: expect.any(Number) as number,
      StreamViewType: 'NEW_AND_OLD_IMAGES',
    },
    eventSourceARN: awsArn(),
  });
  const ageSeconds = Date.now() / 1_000 - (second?.dynamodb.ApproximateCreationDateTime ?? 0);
  expect(ageSeconds).toBeGreaterThanOrEqual(0);
  expect(ageSeconds).toBeLessThan(30);
});

test('2,500 records arrive once each, in order and in full batches', async () => {
  const count = 2_500;
  for (let start = 0; start < count; start += 25)
    await table.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [tableName]: Array.from({ length: 25 }, (_, index) => ({
            PutRequest: { Item: { ID: { S: `item ${start + index}` } } },
          })),
        },
      }),
    );
  await startConsumer();
  await waitUntil(() => batches.flat().length >= count);
  expect(listNumbers(batches.flat())).toEqual(
    Array.from({ length: count }, (_, index) => sequenceNumber(index + 1)),
  );
  expect(batches.map(({ length }) => length)).toEqual(Array(25).fill(100));
});

test('a batching window gathers its writes into one batch', async () => {
  await startConsumer({ maximumBatchingWindowSeconds: 1 });
  for (const id of ['a', 'b', 'c']) await put(id);
  await waitUntil(() => batches.length > 0);
  expect(batches.map(listIds)).toEqual([['a', 'b', 'c']]);
});

test('a restarted consumer continues after the last acknowledged batch', async () => {
  const first = await startConsumer();
  await put('a');
  await waitUntil(() => batches.length === 1);
  await first.stop();
  await put('b');
  await startConsumer();
  await waitUntil(() => batches.length === 2);
  expect(batches.map(listIds)).toEqual([['a'], ['b']]);
});

test('a consumer that dies during a batch repeats that batch and no acknowledged one', async () => {
  await put('a');
  const first = await startConsumer();
  await waitUntil(() => batches.length === 1);
  await first.stop();
  await put('b');
  // This consumer is stopped while its batch still fails. As after a kill, nothing is acknowledged.
  const second = await startConsumer({}, () => fail);
  await waitUntil(() => batches.length === 2);
  await second.stop();
  const seen = batches.length;
  await startConsumer();
  await waitUntil(() => batches.length > seen);
  expect(batches.slice(1).map(listIds)).toEqual(Array(batches.length - 1).fill(['b']));
});

test('a table that was recreated under the same name is read from its beginning', async () => {
  const first = await startConsumer();
  await put('a');
  await waitUntil(() => batches.length === 1);
  await first.stop();
  await table.send(new DeleteTableCommand({ TableName: tableName }));
  await createTable(tableName);
  await put('b');
  await startConsumer();
  await waitUntil(() => batches.length === 2);
  // dynoxide leaves the old table's records in the new stream, so the first record shows where reading began.
  expect(listNumbers(batches[1] ?? [])[0]).toBe(sequenceNumber(1));
  expect(listIds(batches[1] ?? []).at(-1)).toBe('b');
});

test('LATEST skips records that were written before the start', async () => {
  await put('before');
  await startConsumer({ startingPosition: 'LATEST' });
  // The consumer does not report its first read of the stream, so the test writes records until one arrives.
  for (let index = 0; batches.length === 0; index++) {
    await put(`after ${index}`);
    await pause(25);
  }
  expect(listIds(batches.flat())).not.toContain('before');
});

test('only records that match the filter reach the function', async () => {
  const filters = [
    { eventName: ['INSERT'], dynamodb: { Keys: { ID: { S: [{ 'anything-but': ['COUNTER'] }] } } } },
  ];
  await startConsumer({ filters });
  for (const id of ['COUNTER', 'a', 'COUNTER', 'a', 'b']) await put(id, { At: { N: String(Date.now()) } });
  await waitUntil(() => batches.flat().length >= 2);
  expect(listIds(batches.flat())).toEqual(['a', 'b']);
});

test('a bad record is retried, isolated and reported, and its neighbors arrive', async () => {
  for (const id of ['a', 'bad', 'c', 'd']) await put(id);
  const delivered: string[] = [];
  await startConsumer(
    { maximumRetryAttempts: 1, bisectBatchOnFunctionError: true, onFailureDestination: 'FailedQueue' },
    (records) => {
      if (listIds(records).includes('bad')) return fail;
      delivered.push(...listIds(records));
      return succeed;
    },
  );
  await waitUntil(() => delivered.length >= 3);
  expect(delivered).toEqual(['a', 'c', 'd']);
  expect(batches.map(listIds)).toEqual([
    ['a', 'bad', 'c', 'd'],
    ['a', 'bad'],
    ['a'],
    ['bad'],
    ['bad'],
    ['c', 'd'],
  ]);
  expect(messages).toEqual([
    expect.objectContaining({
      requestContext: expect.objectContaining({
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      }) as unknown,
      DDBStreamBatchInfo: expect.objectContaining({
        startSequenceNumber: sequenceNumber(2),
        endSequenceNumber: sequenceNumber(2),
        batchSize: 1,
        streamArn: awsArn(),
      }) as unknown,
    }),
  ]);
});

test('a partial batch response repeats the named record and the records after it', async () => {
  for (const id of ['a', 'b', 'c']) await put(id);
  let isFirst = true;
  await startConsumer({ reportBatchItemFailures: true }, (records) => {
    if (!isFirst) return succeed;
    isFirst = false;
    return { ...succeed, response: { batchItemFailures: [{ itemIdentifier: listNumbers(records)[1] }] } };
  });
  await waitUntil(() => batches.length === 2);
  expect(batches.map(listIds)).toEqual([
    ['a', 'b', 'c'],
    ['b', 'c'],
  ]);
});

test('a record keeps its unique id when it is delivered again', async () => {
  await put('a');
  let failures = 2;
  await startConsumer({}, () => (failures-- > 0 ? fail : succeed));
  await waitUntil(() => batches.length === 3);
  const ids = batches.flat().map(({ eventID }) => eventID);
  expect(new Set(ids).size).toBe(1);

  await createTable();
  await put('a');
  await startConsumer();
  await waitUntil(() => batches.length === 4);
  expect(ids).not.toContain(batches[3]?.[0]?.eventID);
});

test('a write that changes nothing produces no record', async () => {
  const item = { Set: { SS: ['x', 'y'] }, Map: { M: { List: { L: [{ N: '1' }] } } } };
  await put('a', item);
  await put('a', { ...item, Set: { SS: ['y', 'x'] } });
  await put('a', item);
  const first = await startConsumer();
  await waitUntil(() => batches.length === 1);
  await put('a', item);
  await put('a', { ...item, Map: { M: { List: { L: [{ N: '2' }] } } } });
  await waitUntil(() => batches.length === 2);
  await first.stop();
  expect(batches.map(listNumbers)).toEqual([[sequenceNumber(1)], [sequenceNumber(5)]]);
});

test('a checkpoint holds the sequence number that the function received, and the older format still works', async () => {
  const file = path.join(folder, 'stream-checkpoints.json');
  await put('a');
  const first = await startConsumer();
  await waitUntil(() => batches.length === 1);
  await first.stop();
  const text = await readFile(file, 'utf8');
  expect(text).toContain(`"sequenceNumber": "${sequenceNumber(1)}"`);

  // Earlier versions stored the engine's own number.
  await writeFile(file, text.replace(sequenceNumber(1), '1'));
  await put('b');
  await startConsumer();
  await waitUntil(() => batches.length === 2);
  expect(batches.map(listIds)).toEqual([['a'], ['b']]);
});

test('parallel lanes share the items, and each keeps the order of its items', async () => {
  const ids = Array.from({ length: 20 }, (_, index) => `item ${index}`);
  for (let round = 0; round < 5; round++)
    for (const id of ids) await put(id, { Round: { N: String(round) } });
  // One item makes its lane fail for a while. The other lanes must go on.
  let failures = 3;
  const delivered: StreamRecord[] = [];
  await startConsumer({ parallelizationFactor: 4 }, (records) => {
    if (listIds(records).includes('item 0') && failures-- > 0) return fail;
    delivered.push(...records);
    return succeed;
  });
  await waitUntil(() => delivered.length >= 100);
  for (const id of ids) {
    const rounds = delivered
      .filter((record) => listIds([record])[0] === id)
      .map(({ dynamodb }) => (dynamodb.NewImage?.Round as { N: string }).N);
    expect(rounds).toEqual(['0', '1', '2', '3', '4']);
  }
  const firstOfFailingLane = delivered.findIndex((record) => listIds([record])[0] === 'item 0');
  // With a single lane, this item would come first.
  expect(firstOfFailingLane).toBeGreaterThan(20);
});
