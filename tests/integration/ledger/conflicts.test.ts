import { ReconcileStore } from '../../../src/ledger/reconcileStore';
import { endAll, endLater } from '../../support/cleanup';
import { ClientCounts } from '../../support/clientCounts';
import { createTestClient, readCounts, startTestEngine, type TestEngine } from '../../support/engine';
import { startFaultyProxy, type FaultyProxy } from '../../support/faultyProxy';

const tables = { counts: 'DynamoDBTable', totals: 'TotalsTable', days: 'DaysTable' };

let engine: TestEngine;
let proxy: FaultyProxy;
let store: ReconcileStore;

beforeAll(async () => {
  engine = await startTestEngine();
  proxy = await startFaultyProxy(engine.endpoint);
  const client = createTestClient(proxy.endpoint);
  endLater(() => {
    client.destroy();
  });
  store = new ReconcileStore(client, tables);
});
afterAll(endAll);

describe('Reconcile, while a transaction holds the item', () => {
  it('skips the tag until its next pass and continues', async () => {
    await new ClientCounts(engine.client, tables.counts).recordVisit('/busy');
    proxy.fault = 'conflictOnce';
    await store.askTag('/busy');
    expect(await readCounts(engine.client)).toMatchObject({ '/busy': { Count: 1 } });
    await store.askTag('/busy');
    expect(await readCounts(engine.client)).toMatchObject({ '/busy': { Count: 1, SaidAgain: 1 } });
  });

  it('postpones the adoption of the total to its next run', async () => {
    proxy.fault = 'conflictOnce';
    await expect(store.adopt()).resolves.toBeUndefined();
  });
});
