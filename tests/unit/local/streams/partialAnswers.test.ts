import {
  countRemaining,
  settleInvocation,
  startBatch,
  type InvocationResult,
} from '../../../../local/streams/batch';
import type { PolledRecord } from '../../../../local/streams/record';
import { createMapping, createPolledRecords } from '../../../support/streamRecords';

const answered = (response: unknown): InvocationResult => ({ ok: true, response, requestId: 'r2' });
const reporting = createMapping({ reportBatchItemFailures: true });
const nowMs = 1_714_564_900_000;

const listNumbers = (records: readonly PolledRecord[]) => records.map(({ sequenceNumber }) => sequenceNumber);

test.each<[answer: string, response: unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['an empty list of failures', { batchItemFailures: [] }],
  ['no list of failures', { batchItemFailures: null }],
  ['text', 'done'],
  ['an object about something else', { statusCode: 500 }],
])('an answer of %s delivers the batch', (_, response) => {
  expect(settleInvocation(startBatch(createPolledRecords(3)), reporting, answered(response), nowMs)).toEqual(
    [],
  );
});

test.each<[answer: string, failures: unknown]>([
  ['an empty identifier', [{ itemIdentifier: '' }]],
  ['a null identifier', [{ itemIdentifier: null }]],
  ['a wrong key', [{ itemId: '2' }]],
  ['an identifier that is not in the batch', [{ itemIdentifier: '9' }]],
  [
    'a good identifier beside one that is not in the batch',
    [{ itemIdentifier: '2' }, { itemIdentifier: '9' }],
  ],
  ['an entry that is text', ['2']],
  ['failures that are no list', '2'],
])('an answer with %s fails the whole batch', (_, batchItemFailures) => {
  const batch = startBatch(createPolledRecords(3));
  expect(countRemaining(settleInvocation(batch, reporting, answered({ batchItemFailures }), nowMs))).toBe(3);
});

test.each<[listed: string[], again: string[]]>([
  [['1'], ['1', '2', '3']],
  [['2'], ['2', '3']],
  [['3'], ['3']],
  [
    ['3', '2'],
    ['2', '3'],
  ],
])('an answer that lists %j brings back %j', (listed, again) => {
  const failures = listed.map((itemIdentifier) => ({ itemIdentifier }));
  const batch = settleInvocation(
    startBatch(createPolledRecords(3)),
    reporting,
    answered({ batchItemFailures: failures }),
    nowMs,
  );
  expect(batch.flatMap(({ records }) => listNumbers(records))).toEqual(again);
});

test('the earliest record counts, not the smallest text', () => {
  const records = createPolledRecords(12);
  const failures = [{ itemIdentifier: '10' }, { itemIdentifier: '9' }];
  const batch = settleInvocation(
    startBatch(records),
    reporting,
    answered({ batchItemFailures: failures }),
    nowMs,
  );
  expect(countRemaining(batch)).toBe(4);
});

test('a partial answer counts only where the mapping says so', () => {
  const answer = answered({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect(settleInvocation(startBatch(createPolledRecords(3)), createMapping(), answer, nowMs)).toEqual([]);
});
