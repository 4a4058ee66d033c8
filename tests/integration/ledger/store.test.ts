import { parseDay } from '../../../src/days/day';
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { applyBatch } from '../../../src/ledger/applyBatch';
import { readTotal } from '../../../src/ledger/counter';
import { foldReadings, type Move, type Row } from '../../../src/ledger/fold';
import type { Reading } from '../../../src/ledger/reading';
import { reconcile } from '../../../src/ledger/reconcile';
import { ReconcileStore, type Progress } from '../../../src/ledger/reconcileStore';
import { TotalsStore, type TotalsTables } from '../../../src/ledger/totalsStore';
import { startEngineTables, type EngineTables } from '../../support/engineTables';
import { MemoryTables } from '../../support/memoryTables';

let engine: EngineTables;
beforeAll(async () => {
  engine = await startEngineTables();
});
afterAll(() => engine.stop());

const memoryNames: TotalsTables = { counts: 'counts', totals: 'totals', days: 'days' };

/** The random histories run on tables in memory. These tests prove that both behave alike where the histories rely on it. */
describe.each([
  ['the engine', async () => ({ client: engine.client, tables: await engine.createTables() })],
  ['memory', () => Promise.resolve({ client: new MemoryTables().client(), tables: memoryNames })],
])('The store on tables in %s', (_name, open) => {
  let client: DynamoDBClient;
  let tables: TotalsTables;
  let store: TotalsStore;
  beforeEach(async () => {
    ({ client, tables } = await open());
    store = new TotalsStore(client, tables);
  });

  const put = (table: string, item: Record<string, string | number>) =>
    client.send(new PutItemCommand({ TableName: table, Item: attributes(item) }));
  const counter = async () => {
    const key = { ID: { S: 'COUNTER' } };
    return (await client.send(new GetItemCommand({ TableName: tables.counts, Key: key }))).Item;
  };
  const apply = async (...moves: Move[]) => {
    const { counter: state } = await store.readState(moves.map(({ tag }) => tag));
    await store.applyMoves(moves, state);
  };

  it('writes the rows, the total and the days of the moves that it applies', async () => {
    const first = move(undefined, reading('a', 3, '2026-01-01', '9'));
    await apply(first, move(undefined, reading('b', 4, '2026-01-01', '10')));
    await apply(move(first.to, reading('a', 5, '2026-01-02', '11')));
    const { rows, counter: state } = await store.readState(['a', 'b', 'c']);
    expect([...rows.keys()].sort()).toEqual(['a', 'b']);
    expect(rows.get('a')).toEqual({
      reading: 5,
      position: { stream: '', sequence: '11' },
      day: '2026-01-02',
      opening: 3,
      turns: 1,
    });
    expect(state).toBe('exact');
    expect(readTotal(await counter())).toEqual({ total: 9, rebuilding: false });
    expect(await store.readDays('a', parseDay('from', '2025-12-31'), parseDay('to', '2026-01-02'))).toEqual([
      { day: '2025-12-31', visits: 0 },
      { day: '2026-01-01', visits: 3 },
      { day: '2026-01-02', visits: 2 },
    ]);
  });

  it('applies no part of a transaction in which one row has moved', async () => {
    const first = move(undefined, reading('a', 1, '2026-01-01', '1'));
    await apply(first);
    const stale = apply(
      move(undefined, reading('b', 7, '2026-01-01', '2')),
      move(undefined, reading('a', 2, '2026-01-01', '3')),
    );
    await expect(stale).rejects.toThrow(TransactionCanceledException);
    expect((await store.readState(['b'])).rows.size).toBe(0);
    expect(readTotal(await counter()).total).toBe(1);
  });

  it('accepts a transaction of 100 items and refuses one of 101', async () => {
    const moves = (many: number, letter: string) =>
      Array.from({ length: many }, (_, index) =>
        move(undefined, reading(`${letter}${index}`, 1, '2026-01-01', '1')),
      );
    await apply(...moves(99, 'a'));
    await expect(apply(...moves(100, 'b'))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(readTotal(await counter()).total).toBe(99);
  });

  it('refuses the same item twice in a transaction and the same key twice in a batch read', async () => {
    const twice = [
      move(undefined, reading('a', 1, '2026-01-01', '1')),
      move(undefined, reading('a', 2, '2026-01-01', '2')),
    ];
    await expect(store.applyMoves(twice, 'fresh')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(store.readState(['a', 'a'])).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('reads the rows of more tags than one call can return', async () => {
    const tags = Array.from({ length: 230 }, (_, index) => `tag-${index}`);
    for (const tag of tags)
      await put(tables.totals, {
        ID: tag,
        Reading: 1,
        Sequence: '1',
        Stream: '',
        Day: '2026-01-01',
        Opening: 0,
        Turns: 0,
      });
    expect((await store.readState(tags)).rows.size).toBe(230);
    const keys = tags.slice(0, 101).map((tag) => ({ ID: { S: tag } }));
    const tooMany = client.send(
      new BatchGetItemCommand({ RequestItems: { [tables.totals]: { Keys: keys } } }),
    );
    await expect(tooMany).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('answers a repeated request token without writing again', async () => {
    const add = new TransactWriteItemsCommand({
      ClientRequestToken: 'token',
      TransactItems: [
        {
          Update: {
            TableName: tables.totals,
            Key: { ID: { S: 'a' } },
            UpdateExpression: 'ADD Reading :one',
            ExpressionAttributeValues: { ':one': { N: '1' } },
          },
        },
      ],
    });
    await client.send(add);
    await client.send(add);
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tables.totals, Key: { ID: { S: 'a' } } }),
    );
    expect(Item?.Reading).toEqual({ N: '1' });
  });

  it('scans a table in segments and pages and returns each item once', async () => {
    for (let index = 0; index < 40; index += 1)
      await put(tables.counts, { ID: `tag-${index}`, Count: index });
    const seen: string[] = [];
    for (const Segment of [0, 1, 2]) {
      let next: string | undefined;
      do {
        const { Items = [], LastEvaluatedKey } = await client.send(
          new ScanCommand({
            TableName: tables.counts,
            Segment,
            TotalSegments: 3,
            Limit: 7,
            ...(next !== undefined && { ExclusiveStartKey: { ID: { S: next } } }),
          }),
        );
        seen.push(...Items.map(({ ID }) => ID?.S ?? ''));
        next = LastEvaluatedKey?.ID?.S;
      } while (next !== undefined);
    }
    expect(seen).toHaveLength(40);
    expect(new Set(seen).size).toBe(40);
  });

  it('touches a tag that exists and does not create one', async () => {
    const reconciling = new ReconcileStore(client, tables);
    await put(tables.counts, { ID: 'a', Count: 3 });
    await reconciling.askTag('a');
    await reconciling.askTag('a');
    await reconciling.askTag('b');
    const { Items } = await client.send(new ScanCommand({ TableName: tables.counts }));
    expect(Items).toEqual([attributes({ ID: 'a', Count: 3, SaidAgain: 2 })]);
  });

  it('creates and deletes a missing tag but leaves an existing tag unchanged', async () => {
    const reconciling = new ReconcileStore(client, tables);
    await reconciling.askGoneTag('gone', 'mark');
    await put(tables.counts, { ID: 'reborn', Count: 1 });
    await reconciling.askGoneTag('reborn', 'mark');
    await client.send(
      new PutItemCommand({
        TableName: tables.counts,
        Item: attributes({ ID: 'ghost', Count: 0, Ghost: 'mark' }),
      }),
    );
    await client.send(
      new UpdateItemCommand({
        TableName: tables.counts,
        Key: { ID: { S: 'ghost' } },
        UpdateExpression: 'ADD #count :one',
        ExpressionAttributeNames: { '#count': 'Count' },
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    await reconciling.deleteGhost('ghost', 'mark');
    const { Items = [] } = await client.send(new ScanCommand({ TableName: tables.counts }));
    expect(Items.map(({ ID, Count }) => `${ID?.S} ${Count?.N}`).sort()).toEqual(['ghost 1', 'reborn 1']);
  });

  it("continues a workshop's total until one write replaces it by the rebuilt total", async () => {
    const reconciling = new ReconcileStore(client, tables);
    await put(tables.counts, { ID: 'COUNTER', TotalViews: 50, Count: 3 });
    const from = { ...reading('hello%20world', 8, '2026-01-01', '1'), before: 7 };
    await apply(move(undefined, from));
    expect(readTotal(await counter())).toEqual({ total: 51, rebuilding: true });
    await reconciling.adopt();
    await reconciling.adopt();
    expect(await counter()).toEqual({
      ...attributes({ ID: 'COUNTER', TotalViews: 8, Count: 3, 'Day:2026-01-01': 1 }),
      Exact: { BOOL: true },
    });
    await expect(
      store.applyMoves([move(undefined, reading('b', 1, '2026-01-01', '2'))], 'rebuilding'),
    ).rejects.toThrow(TransactionCanceledException);
  });

  it('keeps its progress under a key that no tag can have', async () => {
    const reconciling = new ReconcileStore(client, tables);
    const progress: Progress = {
      positions: { counts: ['a', null, true], totals: [null, null, true] },
      unsettled: 4,
    };
    await reconciling.saveProgress(progress);
    expect(await reconciling.readProgress()).toEqual(progress);
    expect(await reconciling.readPage('totals', 0, 1, null, 10)).toEqual({
      tags: [],
      leftovers: [],
      last: undefined,
    });
  });

  it('repairs changes that the stream never delivered and reports them', async () => {
    await put(tables.counts, { ID: 'behind', Count: 5 });
    await apply(move(undefined, reading('gone', 3, '2026-01-01', '1')));
    let nowMs = Date.UTC(2026, 0, 1);
    const clock = {
      now: () => nowMs,
      sleep: (milliseconds: number) => {
        nowMs += milliseconds;
        return Promise.resolve();
      },
    };
    const lines: unknown[] = [];
    const surroundings = {
      clock,
      random: () => 0.5,
      remainingMs: () => 900_000,
      report: (...line: unknown[]) => lines.push(line),
    };
    const report = await reconcile(new ReconcileStore(client, tables), surroundings);
    expect(report).toEqual({
      tagsRead: 1,
      rowsRead: 1,
      tagsBehind: 2,
      differenceBefore: 8,
      // Nobody reads the stream in this test, so the difference remains.
      differenceAfter: 8,
      progress: 1,
      finished: true,
      rebuilding: false,
    });
    expect(lines).toHaveLength(1);
    const { Items } = await client.send(new ScanCommand({ TableName: tables.counts, ConsistentRead: true }));
    expect(Items?.find(({ ID }) => ID?.S === 'behind')).toEqual(
      attributes({ ID: 'behind', Count: 5, SaidAgain: 1 }),
    );
    expect(Items?.some(({ ID }) => ID?.S === 'gone')).toBe(false);
  });

  it('applies a batch once, however often it is delivered', async () => {
    const records = ['1', '2', '3'].map((sequence) => ({
      eventName: sequence === '1' ? 'INSERT' : 'MODIFY',
      dynamodb: {
        Keys: { ID: { S: 'a' } },
        SequenceNumber: sequence,
        ApproximateCreationDateTime: 1_767_225_600,
        NewImage: attributes({ ID: 'a', Count: Number(sequence) }),
        ...(sequence !== '1' && { OldImage: attributes({ ID: 'a', Count: Number(sequence) - 1 }) }),
      },
    }));
    const surroundings = {
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      random: () => 0,
      remainingMs: () => 60_000,
      report: () => undefined,
    };
    for (const batch of [records, records, records.slice(0, 1)])
      expect(await applyBatch(batch, store, surroundings)).toEqual({ batchItemFailures: [] });
    await client.send(new DeleteItemCommand({ TableName: tables.counts, Key: { ID: { S: 'a' } } }));
    expect(readTotal(await counter()).total).toBe(3);
  });
});

function reading(tag: string, count: number, day: string, sequence: string): Reading {
  return { tag, count, before: 0, day, position: { stream: '', sequence } };
}

function move(from: Row | undefined, ...readings: Reading[]): Move {
  const folded = foldReadings(from, readings);
  if (!folded) throw new Error('The test folds nothing.');
  return folded;
}

function attributes(item: Record<string, string | number>) {
  const entries = Object.entries(item).map(
    ([name, value]) => [name, typeof value === 'number' ? { N: `${value}` } : { S: value }] as const,
  );
  return Object.fromEntries(entries);
}
