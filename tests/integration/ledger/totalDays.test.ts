import { parseDay } from '../../../src/days/day';
import { UpdateItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { foldReadings, type Row } from '../../../src/ledger/fold';
import { ReconcileStore } from '../../../src/ledger/reconcileStore';
import { TotalsStore, type TotalsTables } from '../../../src/ledger/totalsStore';
import { startEngineTables, type EngineTables } from '../../support/engineTables';
import { MemoryTables } from '../../support/memoryTables';

let engine: EngineTables;
beforeAll(async () => {
  engine = await startEngineTables();
});
afterAll(() => engine.stop());

const memoryNames: TotalsTables = { counts: 'counts', totals: 'totals', days: 'days' };

describe.each([
  ['the engine', async () => ({ client: engine.client, tables: await engine.createTables() })],
  ['memory', () => Promise.resolve({ client: new MemoryTables().client(), tables: memoryNames })],
])('the days of all tags, on tables in %s', (_name, open) => {
  let client: DynamoDBClient;
  let tables: TotalsTables;
  let store: TotalsStore;
  beforeEach(async () => {
    ({ client, tables } = await open());
    store = new TotalsStore(client, tables);
  });

  let sequence = 0;
  const rows = new Map<string, Row>();
  beforeEach(() => {
    rows.clear();
  });
  const visit = async (tag: string, count: number, before: number, day: string) => {
    const position = { stream: '', sequence: String((sequence += 1)) };
    const move = foldReadings(rows.get(tag), [{ tag, count, before, day, position }]);
    if (!move) throw new Error('The reading is not a new one.');
    rows.set(tag, move.to);
    await store.applyMoves([move], (await store.readState([tag])).counter);
  };
  const readDays = async () =>
    (await store.readTotalDays(parseDay('from', '2026-01-01'), parseDay('to', '2026-01-04'))).map(
      ({ visits }) => visits,
    );

  it('are the sums of the days of each tag, without the counts from before the first reading', async () => {
    await visit('a', 8, 5, '2026-01-01');
    await visit('b', 1, 0, '2026-01-01');
    await visit('a', 9, 8, '2026-01-02');
    await visit('b', 0, 1, '2026-01-03');
    expect(await readDays()).toEqual([4, 1, 0, 0]);
  });

  it('change even when the total stays the same', async () => {
    await visit('a', 0, 7, '2026-01-01');
    await visit('b', 2, 0, '2026-01-02');
    expect(await readDays()).toEqual([0, 2, 0, 0]);
  });

  it('are closed once, and still accept a late visit', async () => {
    const reconciling = new ReconcileStore(client, tables);
    await visit('a', 2, 0, '2026-01-01');
    await visit('a', 5, 2, '2026-01-02');
    await reconciling.closeTotalDays('2026-01-02');
    await reconciling.closeTotalDays('2026-01-02');
    expect(await readDays()).toEqual([2, 3, 0, 0]);
    await visit('b', 4, 0, '2026-01-01');
    expect(await readDays()).toEqual([6, 3, 0, 0]);
    await reconciling.closeTotalDays('2026-01-04');
    expect(await readDays()).toEqual([6, 3, 0, 0]);
  });

  it('stay open when a visit changes one of them during the closing', async () => {
    await visit('a', 2, 0, '2026-01-01');
    const interfering = {
      send: async (command: Parameters<DynamoDBClient['send']>[0]) => {
        if (command.constructor.name === 'TransactWriteItemsCommand') await visit('a', 3, 2, '2026-01-01');
        return client.send(command);
      },
    } as unknown as DynamoDBClient;
    await new ReconcileStore(interfering, tables).closeTotalDays('2026-01-02');
    expect(await readDays()).toEqual([3, 0, 0, 0]);
  });

  it('report an error that is not a failed condition', async () => {
    await visit('a', 2, 0, '2026-01-01');
    await client.send(
      new UpdateItemCommand({
        TableName: tables.days,
        Key: { ID: { S: 'COUNTER' }, Day: { S: '2026-01-01' } },
        UpdateExpression: 'SET Visits = :text',
        ExpressionAttributeValues: { ':text': { S: 'none' } },
      }),
    );
    await expect(new ReconcileStore(client, tables).closeTotalDays('2026-01-02')).rejects.toThrow();
  });
});
