import {
  BatchWriteItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  type AttributeValue,
  type ConsumedCapacity,
  type DynamoDBClient,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../src/aws/clock';
import { applyBatch } from '../src/ledger/applyBatch';
import { TotalsStore, type TotalsTables } from '../src/ledger/totalsStore';
import { startEngineTables, type EngineTables } from '../tests/support/engineTables';

/**
 * Write units that each way of adding up costs beyond the visit's own one, as `ReturnConsumedCapacity` tells them.
 * What is ours runs as it is; of the others, the writes alone are made.
 */
interface Visit {
  tag: string;
  sequence: string;
  count: number;
}

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

/** The day of each tag in a batch, for those who write it every time. */
function days(tables: TotalsTables, batch: Visit[]): TransactWriteItem[] {
  return groupByTag(batch).map(([tag, visits]) =>
    addTo(tables.days, { ID: s(tag), Day: s('2026-01-01') }, 'Visits', visits.length),
  );
}

/** A marker a record, which says that it was counted, in a transaction with the total and the day; and its end. */
const perRecordMarker: Scheme = async (client, tables, batch) => {
  const room = 49; // a marker and a day a record, and the total
  for (let start = 0; start < batch.length; start += room) {
    const some = batch.slice(start, start + room);
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
  // Markers end some day, by a TTL or a sweep; a TTL's deletions cost none outside global tables, a sweep's one each.
};

/** Idempotency by a token: one transaction a batch, exact for ten minutes. */
const token: Scheme = async (client, tables, batch, number) => {
  for (const [index, some] of chunk(days(tables, batch), 99).entries())
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [...some, ...(index === 0 ? [total(tables, batch.length)] : [])],
        ClientRequestToken: `${tables.counts}-${number}-${index}`,
      }),
    );
};

/** The last sequence number of each shard, in a transaction with total and days. */
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

/** Ours: the readings of the tags, their open days in the same rows, and the total. */
const tagWatermark: Scheme = async (client, tables, batch) => {
  const records = batch.map(({ tag, sequence, count }) => ({
    eventName: count === 1 ? 'INSERT' : 'MODIFY',
    dynamodb: {
      Keys: { ID: s(tag) },
      SequenceNumber: sequence,
      ApproximateCreationDateTime: 1_767_225_600,
      NewImage: { ID: s(tag), Count: n(count) },
      OldImage: { ID: s(tag), Count: n(count - 1) },
    },
  }));
  const surroundings = { clock, random: () => 0, remainingMs: () => 60_000 };
  await applyBatch(records, new TotalsStore(client, tables), {
    ...surroundings,
    report: (message, details) => {
      throw new Error(`${message} ${String(details.error)}`);
    },
  });
};

/**
 * Everything in the total's own item: readings pile up there, one conditional write a batch, and go out to the tags'
 * rows, by plain writes, once they are many. It is rewritten whole each time, a unit for each KB.
 */
function totalsInOneItem(): Scheme {
  const pending = new Map<string, Visit>();
  const maxPending = 10;
  let version = 0;
  return async (client, tables, batch) => {
    const move = new Map(groupByTag(batch).map(([tag, visits]) => [tag, visits.at(-1)]));
    for (const [tag, visit] of move) if (visit) pending.set(tag, visit);
    if (pending.size > maxPending) {
      const rows = [...pending.values()].map(({ tag, sequence, count }) => ({
        PutRequest: {
          Item: { ID: s(tag), Reading: n(count), Sequence: s(sequence), Day: s('2026-01-01'), Opening: n(0) },
        },
      }));
      for (const some of chunk(rows, 25))
        await client.send(new BatchWriteItemCommand({ RequestItems: { [tables.totals]: some } }));
      pending.clear();
    }
    const Readings: AttributeValue = {
      M: Object.fromEntries(
        [...pending.values()].map(({ tag, sequence, count }) => [
          tag,
          { M: { Reading: n(count), Sequence: s(sequence), Day: s('2026-01-01'), Opening: n(0) } },
        ]),
      ),
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
  /** Beyond the visit's own one. */
  unitsPerVisit: number;
}

/** @param isShort only the smaller batches of what is ours */
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
  let units = 0;
  engine.client.middlewareStack.add(
    (next, context) => async (args) => {
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' });
      const result = await next(args);
      const { ConsumedCapacity: consumed = [] } = result.output as {
        ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[];
      };
      if (/Write|Put/.test(String(context.commandName)))
        units += [consumed].flat().reduce((sum, { CapacityUnits = 0 }) => sum + CapacityUnits, 0);
      return result;
    },
    { step: 'initialize' },
  );
  const visits = new Map<string, number>();
  let sequence = 10n ** 20n;
  /** Visits go from tag to tag in turn. */
  const makeVisits = (many: number, tags: number): Visit[] =>
    Array.from({ length: many }, (_, index) => {
      const tag = `docs/page-${index % tags}`;
      const count = (visits.get(tag) ?? 0) + 1;
      visits.set(tag, count);
      sequence += 1n;
      return { tag, sequence: `${sequence}`, count };
    });

  const results: WriteUnitResult[] = [];
  for (const [scheme, make] of schemes) {
    const isOurs = make() === tagWatermark;
    if (isShort && !isOurs) continue;
    progress(`write units: ${scheme}`);
    for (const batchSize of isShort ? batchSizes.slice(0, 2) : batchSizes) {
      for (const tagCount of tagCounts) {
        const tables = await engine.createTables(false);
        const apply = make();
        visits.clear();
        units = 0;
        const batches = chunk(makeVisits(Math.max(300, 3 * batchSize), tagCount), batchSize);
        for (const [number, batch] of batches.entries()) await apply(engine.client, tables, batch, number);
        const unitsPerVisit = units / batches.flat().length;
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
