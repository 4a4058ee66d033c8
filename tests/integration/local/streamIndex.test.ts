import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { startEngine, type Engine } from '../../../local/engine/engine';
import { indexStream } from '../../../local/engine/streamIndex';
import { describeShards } from '../../../local/streams/shards';
import { endAll, endLater } from '../../support/cleanup';
import { createTestClient, credentials, region } from '../../support/engine';
import { makeFolder } from '../../support/runner';
import { createStreamedTable } from '../../support/streamedTable';

const daySeconds = 24 * 60 * 60;

let file: string;

beforeEach(() => {
  file = join(makeFolder(), 'dynamodb.sqlite');
});
afterEach(endAll);

/** Runs SQL on the engine's file while the engine is stopped. */
function withDatabase<Result>(use: (database: Database) => Result): Result {
  const database = new Database(file);
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    return use(database);
  } finally {
    database.close();
  }
}

function makeOlder(sequenceNumber: string, seconds: number): void {
  withDatabase((database) => {
    database.run('UPDATE _stream_records SET created_at = created_at - ? WHERE sequence_number = ?', [
      seconds,
      sequenceNumber,
    ]);
  });
}

async function withEngine<Result>(use: (engine: Engine) => Promise<Result>): Promise<Result> {
  const engine = await startEngine(file);
  try {
    return await use(engine);
  } finally {
    await engine.stop();
  }
}

async function put({ endpoint }: Engine, ...ids: string[]): Promise<void> {
  const client = createTestClient(endpoint);
  for (const id of ids)
    await client.send(new PutItemCommand({ TableName: 'Things', Item: { ID: { S: id } } }));
  client.destroy();
}

/** Creates the table `Things` with these items in the engine's file. @returns the stream's ARN */
async function makeThings(...ids: string[]): Promise<string> {
  return withEngine(async (engine) => {
    const client = createTestClient(engine.endpoint);
    const streamArn = await createStreamedTable(client, 'Things');
    client.destroy();
    await put(engine, ...ids);
    return streamArn;
  });
}

/** The ids of the items in the stream, each with its sequence number. */
async function readStream(engine: Engine, StreamArn: string): Promise<[string, string][]> {
  const streams = new DynamoDBStreamsClient({ endpoint: engine.endpoint, region, credentials });
  endLater(() => {
    streams.destroy();
  });
  const [shard] = await describeShards(streams, StreamArn, new AbortController().signal);
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId: shard?.shardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  return Records.map(({ dynamodb }) => [dynamodb?.Keys?.ID?.S ?? '', dynamodb?.SequenceNumber ?? '']);
}

/** SQLite's query plan for the query that the engine runs at every write. */
function planOfNextNumber(): unknown {
  return withDatabase((database) =>
    database
      .all(
        `EXPLAIN QUERY PLAN SELECT COALESCE(MAX(CAST(sequence_number AS INTEGER)), 0) + 1
         FROM _stream_records WHERE table_name = 'Things'`,
      )
      .map(({ detail }) => detail),
  );
}

const planWithIndex = [expect.stringContaining('USING COVERING INDEX footfall_stream_position')];

test('a new file has an index for the number of the next record', async () => {
  expect(await indexStream(file)).toBeUndefined();
  expect(planOfNextNumber()).toEqual(planWithIndex);
});

test('a file with records gets the index and keeps the records', async () => {
  const streamArn = await makeThings('a', 'b');
  expect(await indexStream(file)).toBeUndefined();
  expect(planOfNextNumber()).toEqual(planWithIndex);
  await withEngine(async (engine) => {
    await put(engine, 'c');
    expect(await readStream(engine, streamArn)).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ]);
  });
});

test('a file gets the index with all records that a killed engine had written', async () => {
  const streamArn = await makeThings('a');
  const killed = await startEngine(file);
  await put(killed, 'b');
  process.kill(killed.pid, 'SIGKILL');
  await killed.failed;
  expect(await indexStream(file)).toBeUndefined();
  expect(planOfNextNumber()).toEqual(planWithIndex);
  await withEngine(async (engine) => {
    expect(await readStream(engine, streamArn)).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });
});

test('the lock of a killed runner does not block the index', async () => {
  await makeThings('a');
  mkdirSync(`${file}.lock`);
  expect(await indexStream(file)).toBeUndefined();
  expect(planOfNextNumber()).toEqual(planWithIndex);
});

test('records more than a day older than the newest are deleted, and sequence numbers continue', async () => {
  const streamArn = await makeThings('old', 'recent', 'newest');
  makeOlder('1', daySeconds + 60);
  makeOlder('2', daySeconds - 60);
  await indexStream(file);
  await withEngine(async (engine) => {
    await put(engine, 'next');
    expect(await readStream(engine, streamArn)).toEqual([
      ['recent', '2'],
      ['newest', '3'],
      ['next', '4'],
    ]);
  });
});

test('the newest record is kept after the clock was set back, because the next number depends on it', async () => {
  const streamArn = await makeThings('a', 'b');
  makeOlder('2', 2 * daySeconds);
  await indexStream(file);
  await withEngine(async (engine) => {
    await put(engine, 'next');
    expect((await readStream(engine, streamArn)).at(-1)).toEqual(['next', '3']);
  });
});

test('records that wait for a consumer since a long pause are kept', async () => {
  const streamArn = await makeThings('a', 'b');
  withDatabase((database) => {
    database.run('UPDATE _stream_records SET created_at = created_at - ?', [30 * daySeconds]);
  });
  await indexStream(file);
  await withEngine(async (engine) => {
    expect(await readStream(engine, streamArn)).toHaveLength(2);
  });
});

test('a file with another schema stays unchanged, and the reason is reported', async () => {
  withDatabase((database) => {
    database.exec('CREATE TABLE _stream_records (id INTEGER PRIMARY KEY, position TEXT)');
  });
  expect(await indexStream(file)).toMatch(/tables of another form/);
  withDatabase((database) => {
    expect(database.all(`SELECT name FROM sqlite_schema WHERE type = 'index'`)).toEqual([]);
  });
});
