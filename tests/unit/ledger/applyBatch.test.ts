import { applyBatch } from '../../../src/ledger/applyBatch';
import { TotalsStore } from '../../../src/ledger/totalsStore';
import { MemoryTables } from '../../support/memoryTables';

const tables = { counts: 'counts', totals: 'totals', days: 'days' };
const record = (tag: string, sequence: string) => ({
  eventName: 'INSERT',
  dynamodb: {
    Keys: { ID: { S: tag } },
    SequenceNumber: sequence,
    ApproximateCreationDateTime: 1_767_225_600,
    NewImage: { ID: { S: tag }, Count: { N: '1' } },
  },
});

/** Applies a batch to tables whose client fails at some calls. @param fails gets the number of the call, from 0 */
async function apply(records: unknown[], fails: (call: number) => boolean, remainingMs = 60_000) {
  const memory = new MemoryTables();
  const client = memory.client();
  const [waits, reports]: [number[], unknown[][]] = [[], []];
  let calls = 0;
  const send = (command: never) =>
    fails(calls++) ? Promise.reject(new Error('socket hang up')) : client.send(command);
  const answer = await applyBatch(
    records,
    new TotalsStore(Object.assign(memory.client(), { send }), tables),
    {
      clock: {
        now: () => 0,
        sleep: (milliseconds) => {
          waits.push(milliseconds);
          return Promise.resolve();
        },
      },
      random: () => 0.5,
      remainingMs: () => remainingMs,
      report: (...report) => reports.push(report),
    },
  );
  const total = memory.list('counts').find(({ ID }) => ID?.S === 'COUNTER')?.TotalViews?.N;
  return { answer, waits, reports, total, calls };
}

it('backs off after each failure, up to a second, and then returns the batch to be retried', async () => {
  const { answer, waits, total } = await apply([record('b', '10'), record('a', '9')], () => true);
  expect(waits).toEqual([20, 40, 80, 160, 320, 500, 500, 500, 500]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] });
  expect(total).toBeUndefined();
});

it('reads again before it retries a write', async () => {
  // Read, write (fails), read, write.
  const { answer, calls, total } = await apply([record('a', '1')], (call) => call === 1);
  expect({ answer, calls, total }).toEqual({ answer: { batchItemFailures: [] }, calls: 4, total: '1' });
});

it('gives up at once when little time is left', async () => {
  const { answer, waits } = await apply([record('a', '1')], () => true, 2_999);
  expect(waits).toEqual([]);
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
});

it('reports the first record of the batch that was not applied', async () => {
  // 100 tags make two transactions; the first succeeds.
  const records = Array.from({ length: 100 }, (_, index) => record(`tag-${index}`, `${1_000 - index}`));
  const { answer, total } = await apply(records, (call) => call > 2);
  expect(total).toBe('99');
  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '901' }] });
});

it('reports a record of an unknown shape and applies the others', async () => {
  const { answer, reports, total } = await apply([{}, record('a', '1'), null], () => false);
  expect(answer).toEqual({ batchItemFailures: [] });
  expect(total).toBe('1');
  expect(reports).toEqual([
    ['A record was passed over.', { reason: 'The record has no key ID of type S.', place: 0 }],
    ['A record was passed over.', { reason: 'The record has no key ID of type S.', place: 2 }],
  ]);
});

it("reads nothing and writes nothing for the total's own records", async () => {
  expect(await apply([record('COUNTER', '1')], () => false)).toMatchObject({ calls: 0, reports: [] });
});
