import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { applyBatch } from '../../../src/ledger/applyBatch';
import { reconcile } from '../../../src/ledger/reconcile';
import { ReconcileStore } from '../../../src/ledger/reconcileStore';
import { TotalsStore, type TotalsTables } from '../../../src/ledger/totalsStore';
import { endAll, endLater } from '../../support/cleanup';
import { startEngineTables, type EngineTables } from '../../support/engineTables';

let engine: EngineTables;
let tables: TotalsTables;

beforeAll(async () => {
  engine = await startEngineTables();
  endLater(() => engine.stop());
});

beforeEach(async () => {
  tables = await engine.createTables();
});

afterAll(endAll);

/** A clock that advances only when the code sleeps. */
function surroundings() {
  let nowMs = Date.UTC(2026, 10, 21, 12);
  const endMs = nowMs + 15 * 60_000;
  const sleep = (milliseconds: number) => {
    nowMs += milliseconds;
    return Promise.resolve();
  };
  return {
    clock: { now: () => nowMs, sleep },
    random: () => 0.5,
    remainingMs: () => endMs - nowMs,
    report: () => undefined,
  };
}

const image = (tag: string, count: string) => ({ ID: { S: tag }, Count: { N: count } });

function record(eventName: string, tag: string, sequence: number, before?: string, after?: string) {
  return {
    eventName,
    eventSourceARN: 'arn:aws:dynamodb:eu-central-1:123456789012:table/counts/stream/2026-11-20T08:15:30.123',
    dynamodb: {
      Keys: { ID: { S: tag } },
      SequenceNumber: String(sequence),
      ApproximateCreationDateTime: Date.UTC(2026, 10, 21) / 1_000,
      ...(before === undefined ? {} : { OldImage: image(tag, before) }),
      ...(after === undefined ? {} : { NewImage: image(tag, after) }),
    },
  };
}

async function readTotal(): Promise<string | undefined> {
  const Key = { ID: { S: 'COUNTER' } };
  const { Item } = await engine.client.send(new GetItemCommand({ TableName: tables.counts, Key }));
  return Item?.TotalViews?.N;
}

const put = (TableName: string, Item: PutItemCommand['input']['Item']) =>
  engine.client.send(new PutItemCommand({ TableName, Item }));

it('A damaged row holds up only its own tag, wherever that tag is in the batch', async () => {
  await put(tables.totals, { ID: { S: 'bad' } });
  const records = [
    record('INSERT', 'one', 1, undefined, '1'),
    record('INSERT', 'bad', 2, undefined, '5'),
    record('INSERT', 'two', 3, undefined, '1'),
  ];
  const answer = await applyBatch(records, new TotalsStore(engine.client, tables), surroundings());
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect(await readTotal()).toBe('2');
});

it('A fractional count does not stop the tag’s later counts or its deletion', async () => {
  const store = new TotalsStore(engine.client, tables);
  const first = [record('INSERT', 'a', 1, undefined, '5'), record('MODIFY', 'a', 2, '5', '1.5')];
  await applyBatch([...first, record('MODIFY', 'a', 3, '1.5', '4')], store, surroundings());
  expect(await readTotal()).toBe('4');
  const odd = record('MODIFY', 'a', 4, '4', '2.5');
  await applyBatch([odd, record('REMOVE', 'a', 5, '2.5')], store, surroundings());
  expect(await readTotal()).toBe('0');
});

describe('Reconcile', () => {
  it('reports tags that stay behind while no processor runs, whether they are visited or not', async () => {
    await put(tables.counts, image('still', '3'));
    await put(tables.counts, image('busy', '10'));
    const around = surroundings();
    // The busy tag is visited whenever time passes. No processor reads the stream.
    let visits = 10;
    const { sleep } = around.clock;
    around.clock.sleep = async (milliseconds) => {
      await sleep(milliseconds);
      await put(tables.counts, image('busy', String(++visits)));
    };
    const found = await reconcile(new ReconcileStore(engine.client, tables), around);
    expect(found).toMatchObject({ tagsRead: 2, finished: true });
    expect(found.differenceAfter).toBe(3 + visits);
  });

  it('reports how far a damaged row is behind', async () => {
    await put(tables.counts, image('bad', '7'));
    await put(tables.totals, { ID: { S: 'bad' } });
    const found = await reconcile(new ReconcileStore(engine.client, tables), surroundings());
    expect(found).toMatchObject({ tagsBehind: 1, differenceBefore: 7, differenceAfter: 7 });
  });

  it('reads the unprocessed keys of a batch again', async () => {
    await put(tables.counts, image('a', '1'));
    const send = engine.client.send.bind(engine.client) as (
      command: unknown,
    ) => Promise<Record<string, unknown>>;
    let cut = 3;
    const client = Object.assign(Object.create(engine.client) as typeof engine.client, {
      async send(command: { input: { RequestItems?: unknown } }) {
        if (command.input.RequestItems === undefined || cut-- <= 0) return send(command);
        return { Responses: {}, UnprocessedKeys: command.input.RequestItems };
      },
    });
    const around = surroundings();
    const found = await reconcile(new ReconcileStore(client, tables, around.clock), around);
    expect(found).toMatchObject({ finished: true, tagsRead: 1, differenceAfter: 1 });
  });
});
