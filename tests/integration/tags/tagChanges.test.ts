import { foldReadings } from '../../../src/ledger/fold';
import { parseReading } from '../../../src/ledger/reading';
import { TableUnavailableError } from '../../../src/errors/unavailableErrors';
import { CountsTable } from '../../../src/reports/countsTable';
import { parseStartingCount } from '../../../src/tags/startingCount';
import { parseTag } from '../../../src/tags/tag';
import { NothingToChangeError, TagChanges } from '../../../src/tags/tagChanges';
import { endAll, endLater } from '../../support/cleanup';
import { ClientCounts } from '../../support/clientCounts';
import { createTestClient, readCounts, startTestEngine, type TestEngine } from '../../support/engine';
import { startFaultyProxy } from '../../support/faultyProxy';

const noon = Date.UTC(2026, 10, 21, 12);

let engine: TestEngine;
let counts: CountsTable;
let visits: ClientCounts;
let changes: TagChanges;

beforeAll(async () => {
  engine = await startTestEngine();
  counts = new CountsTable(engine.client, 'DynamoDBTable');
  visits = new ClientCounts(engine.client, 'DynamoDBTable');
  changes = new TagChanges(engine.client, { counts: 'DynamoDBTable', changes: 'ChangesTable' });
});
afterAll(endAll);

it('deletes a tag and records its count, the person and the time', async () => {
  await visits.recordVisit('/old');
  await visits.recordVisit('/old');
  await changes.deleteTag(parseTag('/old'), 'ann@example.com', noon);
  expect(await readCounts(engine.client)).not.toHaveProperty('/old');
  expect((await changes.listLatest(1))[0]).toEqual({
    action: 'delete',
    tag: '/old',
    by: 'ann@example.com',
    at: '2026-11-21T12:00:00.000Z',
    count: 2,
  });
});

it('keeps a starting count separate from the count, which continues unchanged', async () => {
  await visits.recordVisit('/moved');
  const start = { visits: 12_345, origin: 'GoatCounter, until 2026-10' };
  await changes.setStart(parseTag('/moved'), start, 'ann@example.com', noon + 1);
  await visits.recordVisit('/moved');
  expect(await counts.readTag(parseTag('/moved'))).toEqual({ count: 2, start });
});

it('sets a starting count for a tag without visits', async () => {
  await changes.setStart(parseTag('/coming'), { visits: 7, origin: 'old site' }, 'ann@example.com', noon + 2);
  expect(await counts.readTag(parseTag('/coming'))).toEqual({
    count: 0,
    start: { visits: 7, origin: 'old site' },
  });
  expect(await visits.recordVisit('/coming')).toBe(1);
});

it('removes a starting count and records the removal', async () => {
  await changes.setStart(parseTag('/undone'), { visits: 7, origin: 'a guess' }, 'ann@example.com', noon + 3);
  await changes.undoStart(parseTag('/undone'), 'bob@example.com', noon + 4);
  expect(await counts.readTag(parseTag('/undone'))).toEqual({ count: 0, start: undefined });
  expect((await changes.listLatest(2)).map(({ action, by, start }) => [action, by, start])).toEqual([
    ['undoStart', 'bob@example.com', 7],
    ['setStart', 'ann@example.com', 7],
  ]);
});

it('records nothing when there is nothing to change', async () => {
  const before = await changes.listLatest(100);
  await expect(changes.deleteTag(parseTag('/never'), 'ann@example.com', noon)).rejects.toThrow(
    NothingToChangeError,
  );
  await expect(changes.undoStart(parseTag('/never'), 'ann@example.com', noon)).rejects.toThrow(
    NothingToChangeError,
  );
  expect(await changes.listLatest(100)).toEqual(before);
});

describe('A change of a tag that is being visited', () => {
  async function setStartWhile(fault: 'cancel' | 'cancelOnce', tag: string): Promise<void> {
    const proxy = await startFaultyProxy(engine.endpoint);
    const client = createTestClient(proxy.endpoint);
    endLater(() => {
      client.destroy();
    });
    const behindProxy = new TagChanges(client, { counts: 'DynamoDBTable', changes: 'ChangesTable' });
    proxy.fault = fault;
    await behindProxy.setStart(parseTag(tag), parseStartingCount('5', 'elsewhere'), 'ann@example.com', noon);
  }

  it('succeeds once despite the conflict', async () => {
    await setStartWhile('cancelOnce', '/busy');
    expect(await readCounts(engine.client)).toMatchObject({ '/busy': { Start: 5 } });
    expect((await changes.listLatest(10)).filter(({ tag }) => tag === '/busy')).toHaveLength(1);
  });

  it('fails with an error to retry later when every attempt conflicts', async () => {
    await expect(setStartWhile('cancel', '/busier')).rejects.toThrow(TableUnavailableError);
    expect(await readCounts(engine.client)).not.toHaveProperty('/busier');
  });
});

it('records both of two changes in the same millisecond', async () => {
  const before = (await changes.listLatest(100)).length;
  await Promise.all(
    ['/a', '/b'].map((tag) =>
      changes.setStart(parseTag(tag), { visits: 1, origin: 'x' }, 'ann@example.com', noon),
    ),
  );
  expect(await changes.listLatest(100)).toHaveLength(before + 2);
});

it('leaves totals and days unchanged when a starting count is set', () => {
  const image = (more: object) => ({ ID: { S: '/t' }, Count: { N: '3' }, ...more });
  const record = {
    eventName: 'MODIFY',
    eventSourceARN: 'table/stream/1',
    dynamodb: {
      Keys: { ID: { S: '/t' } },
      SequenceNumber: '5',
      ApproximateCreationDateTime: noon / 1_000,
      OldImage: image({}),
      NewImage: image({ Start: { N: '1000' }, StartOrigin: { S: 'old site' } }),
    },
  };
  expect(foldReadings(undefined, [parseReading(record)])).toMatchObject({
    imageDifference: 0,
    to: { reading: 3, opening: 3 },
  });
});

it.each(['0', '-1', '1.5', '1e3', '1000000000001', '', ' ', '٣', '0x10', undefined])(
  'refuses %p as a starting count',
  (text) => {
    expect(() => parseStartingCount(text, 'old site')).toThrow('must be a whole number');
  },
);

it.each(['', '  ', 'a\nb', 'x'.repeat(201), undefined])('refuses %p as an origin', (text) => {
  expect(() => parseStartingCount('5', text)).toThrow('Say where the starting count comes from');
});
