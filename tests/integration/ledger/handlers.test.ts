import { dayOf } from '../../../src/days/day';
import { DescribeTableCommand, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import type { Context, DynamoDBStreamEvent } from 'aws-lambda';
import { readTotal } from '../../../src/ledger/counter';
import { TotalsStore, type TotalsTables } from '../../../src/ledger/totalsStore';
import { localAccess, startEngineTables, type EngineTables } from '../../support/engineTables';

let engine: EngineTables;
let tables: TotalsTables;
let handlers: {
  processStream: typeof import('../../../src/handlers/streamProcessor').handler;
  reconcile: typeof import('../../../src/handlers/reconcile').handler;
};
const environment = process.env;
// The wait between the two passes is real here. The short remaining time keeps it brief and ends the run before the scan.
const context = { getRemainingTimeInMillis: () => 10_000, functionName: 'reconcile' } as Context;

beforeAll(async () => {
  engine = await startEngineTables();
  tables = await engine.createTables();
  process.env = {
    ...environment,
    AWS_ENDPOINT_URL_DYNAMODB: engine.endpoint,
    AWS_REGION: localAccess.region,
    AWS_ACCESS_KEY_ID: localAccess.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localAccess.credentials.secretAccessKey,
    TABLE_NAME: tables.counts,
    TOTALS_TABLE_NAME: tables.totals,
    DAYS_TABLE_NAME: tables.days,
  };
  handlers = {
    processStream: (await import('../../../src/handlers/streamProcessor')).handler,
    reconcile: (await import('../../../src/handlers/reconcile')).handler,
  };
});
afterAll(async () => {
  process.env = environment;
  await engine.stop();
});

it('derives the total and the days from the stream of real visits', async () => {
  for (const tag of ['a', 'b', 'a']) await visit(tag);
  const Records = await readStream();
  expect(await handlers.processStream({ Records } as DynamoDBStreamEvent, context)).toEqual({
    batchItemFailures: [],
  });
  expect(await handlers.processStream({ Records } as DynamoDBStreamEvent, context)).toEqual({
    batchItemFailures: [],
  });
  const { Item } = await engine.client.send(
    new GetItemCommand({ TableName: tables.counts, Key: { ID: { S: 'COUNTER' } } }),
  );
  expect(readTotal(Item)).toEqual({ total: 3, rebuilding: false });
  const today = dayOf((Records[0]?.dynamodb.ApproximateCreationDateTime ?? 0) * 1_000);
  const days = await new TotalsStore(engine.client, tables).readDays('a', today, today);
  expect(days).toEqual([{ day: today, visits: 2 }]);
});

it('reports the remaining drift to CloudWatch on a separate line', async () => {
  const written: string[] = [];
  const stdout = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  const log = jest.spyOn(console, 'info').mockImplementation(() => undefined);
  const found = await handlers.reconcile({}, context);
  stdout.mockRestore();
  log.mockRestore();
  expect(found).toMatchObject({ differenceAfter: 0, finished: false, progress: 0, rebuilding: false });
  const lines = written.filter((line) => line.includes('_aws')).map((line) => JSON.parse(line) as object);
  expect(lines).toEqual([expect.objectContaining({ FunctionName: 'reconcile', Drift: 0 })]);
});

async function visit(tag: string): Promise<void> {
  await engine.client.send(
    new UpdateItemCommand({
      TableName: tables.counts,
      Key: { ID: { S: tag } },
      UpdateExpression: 'ADD #count :one',
      ExpressionAttributeNames: { '#count': 'Count' },
      ExpressionAttributeValues: { ':one': { N: '1' } },
    }),
  );
}

/** The stream records of the counts table, with times in seconds as Lambda passes them. */
async function readStream() {
  const streams = new DynamoDBStreamsClient({ endpoint: engine.endpoint, ...localAccess });
  const { Table } = await engine.client.send(new DescribeTableCommand({ TableName: tables.counts }));
  const StreamArn = Table?.LatestStreamArn;
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const ShardId = StreamDescription?.Shards?.[0]?.ShardId;
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({ StreamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
  );
  const { Records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  streams.destroy();
  return Records.map((record) => ({
    ...record,
    eventSourceARN: StreamArn,
    dynamodb: {
      ...record.dynamodb,
      ApproximateCreationDateTime: Number(record.dynamodb?.ApproximateCreationDateTime) / 1_000,
    },
  }));
}
