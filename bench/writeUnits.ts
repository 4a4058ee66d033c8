import {
  BatchWriteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../src/aws/clock';
import { applyBatch } from '../src/ledger/applyBatch';
import { TotalsStore, type TotalsTables } from '../src/ledger/totalsStore';
import { startEngineTables, type EngineTables } from '../tests/support/engineTables';
import { countUnits } from './unitCounter';
import { toRecord, VisitStream, type StreamedVisit as Visit } from './visitStream';

/**
 * One way to add up a batch. Footfall's own runs the deployed code; the others only make their writes.
 * @param number the batch's number
 */
type Scheme = (client: DynamoDBClient, tables: TotalsTables, batch: Visit[], number: number) => Promise<void>;

const batchSizes = [1, 10, 100, 1_000];
const tagCounts = [1, 10, 100];
const clock: Clock = { now: () => 0, sleep: () => Promise.resolve() };

const n = (value: number): AttributeValue => ({ N: `${value}` });
const s = (value: string): AttributeValue => ({ S: value });

function addTo(
  TableName: string,
  Key: Record<string, AttributeValue>,
  name: string,
  by: number,
): TransactWriteItem {
  const ExpressionAttributeValues = { ':by': n(by) };
  return { Update: { TableName, Key, UpdateExpression: `ADD ${name} :by`, ExpressionAttributeValues } };
}

const total = (tables: TotalsTables, by: number) =>
  addTo(tables.counts, { ID: s('COUNTER') }, 'TotalViews', by);

/** The updates of each tag's day, for schemes that write the days with every batch. */
function days(tables: TotalsTables, batch: Visit[]): TransactWriteItem[] {
  return groupByTag(batch).map(([tag, visits]) =>
    addTo(tables.days, { ID: s(tag), Day: s('2026-01-01') }, 'Visits', visits.length),
  );
}

/** A marker for each counted record, in one transaction with the total and the days. */
const perRecordMarker: Scheme = async (client, tables, batch) => {
  // Each record takes a marker and a day of the transaction's 100 items.
  for (const some of chunk(batch, 49)) {
    const TransactItems = [
      ...some.map(({ sequence }) => ({
        Put: {
          TableName: tables.totals,
          Item: { ID: s(sequence) },
          ConditionExpression: 'attribute_not_exists(ID)',
        },
      })),
      ...days(tables, some),
      total(tables, some.length),
    ];
    await client.send(new TransactWriteItemsCommand({ TransactItems }));
  }
  // Deletions of old markers by TTL are free outside global tables, so they are not counted.
};

/** Idempotency by a client token: one transaction a batch, exact for ten minutes. */
const token: Scheme = async (client, tables, batch, number) => {
  for (const [index, some] of chunk(days(tables, batch), 99).entries())
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [...some, ...(index === 0 ? [total(tables, batch.length)] : [])],
        ClientRequestToken: `${tables.counts}-${number}-${index}`,
      }),
    );
};

/** The last sequence number of each shard, in one transaction with the total and the days. */
const perShardWatermark: Scheme = async (client, tables, batch) => {
  const [first = [], ...rest] = chunk(days(tables, batch), 98);
  const shard = { ID: s('shardId-00000001414576573621-f55eea83') };
  const watermark: TransactWriteItem = {
    Put: { TableName: tables.totals, Item: { ...shard, Sequence: s(batch.at(-1)?.sequence ?? '') } },
  };
  await client.send(
    new TransactWriteItemsCommand({ TransactItems: [...first, watermark, total(tables, batch.length)] }),
  );
  for (const some of rest)
    await client.send(new TransactWriteItemsCommand({ TransactItems: [...some, watermark] }));
};

/** Footfall's: the readings of the tags, their open days in the same rows, and the total. */
const tagWatermark: Scheme = async (client, tables, batch) => {
  const records = batch.map((visit) => toRecord(visit));
  await applyBatch(records, new TotalsStore(client, tables), {
    clock,
    random: () => 0,
    remainingMs: () => 60_000,
    report: (message, details) => {
      throw new Error(`${message} ${String(details.error)}`);
    },
  });
};

/**
 * Everything in the total's own item, with one conditional write a batch. When too many readings have gathered there,
 * plain writes move them to the tags' rows. Each write replaces the whole item, at one unit per KB.
 */
function totalsInOneItem(): Scheme {
  const pending = new Map<string, Visit>();
  const maxPending = 10;
  let version = 0;
  return async (client, tables, batch) => {
    for (const visit of batch) pending.set(visit.tag, visit);
    if (pending.size > maxPending) {
      const rows = [...pending.values()].map((visit) => ({
        PutRequest: { Item: { ID: s(visit.tag), ...toReading(visit) } },
      }));
      for (const some of chunk(rows, 25))
        await client.send(new BatchWriteItemCommand({ RequestItems: { [tables.totals]: some } }));
      pending.clear();
    }
    const Readings: AttributeValue = {
      M: Object.fromEntries([...pending].map(([tag, visit]) => [tag, { M: toReading(visit) }])),
    };
    version += 1;
    await client.send(
      new PutItemCommand({
        TableName: tables.counts,
        Item: { ID: s('COUNTER'), TotalViews: n(version), Version: n(version), Readings },
        ConditionExpression: 'attribute_not_exists(ID) OR Version = :before',
        ExpressionAttributeValues: { ':before': n(version - 1) },
      }),
    );
  };
}

function toReading({ count, sequence }: Visit): Record<string, AttributeValue> {
  return { Reading: n(count), Sequence: s(sequence), Day: s('2026-01-01'), Opening: n(0) };
}

const schemes: [string, () => Scheme][] = [
  ['per-record marker', () => perRecordMarker],
  ['token', () => token],
  ['per-shard watermark', () => perShardWatermark],
  ['tag watermark (ours)', () => tagWatermark],
  ['totals in one conditional item', totalsInOneItem],
];

export interface WriteUnitResult {
  scheme: string;
  isOurs: boolean;
  batchSize: number;
  tags: number;
  /** Beyond the one unit of the visit itself. */
  unitsPerVisit: number;
}

/**
 * Measures the write units of each scheme, as `ReturnConsumedCapacity` reports them.
 * @param isShort only Footfall's scheme, with the smaller batches
 */
export async function measureWriteUnits(
  isShort: boolean,
  progress: (line: string) => void,
): Promise<WriteUnitResult[]> {
  const engine = await startEngineTables();
  try {
    return await measure(engine, isShort, progress);
  } finally {
    await engine.stop();
  }
}

async function measure(
  engine: EngineTables,
  isShort: boolean,
  progress: (line: string) => void,
): Promise<WriteUnitResult[]> {
  const counter = countUnits(engine.client);
  const results: WriteUnitResult[] = [];
  for (const [scheme, make] of schemes) {
    const isOurs = make() === tagWatermark;
    if (isShort && !isOurs) continue;
    progress(`write units: ${scheme}`);
    for (const batchSize of isShort ? batchSizes.slice(0, 2) : batchSizes) {
      for (const tagCount of tagCounts) {
        const tables = await engine.createTables(false);
        const apply = make();
        const visits = new VisitStream().addVisits(Math.max(300, 3 * batchSize), tagCount);
        counter.take();
        for (const [number, batch] of chunk(visits, batchSize).entries())
          await apply(engine.client, tables, batch, number);
        const unitsPerVisit = counter.take().write / visits.length;
        results.push({ scheme, isOurs, batchSize, tags: tagCount, unitsPerVisit });
      }
    }
  }
  return results;
}

function groupByTag(batch: Visit[]): [string, Visit[]][] {
  const groups = new Map<string, Visit[]>();
  for (const visit of batch) groups.set(visit.tag, [...(groups.get(visit.tag) ?? []), visit]);
  return [...groups];
}

function chunk<Value>(values: Value[], size: number): Value[][] {
  const chunks: Value[][] = [];
  for (let start = 0; start < values.length; start += size) chunks.push(values.slice(start, start + size));
  return chunks.length > 0 ? chunks : [[]];
}
