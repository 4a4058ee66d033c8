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
  ['a null list of failures', { batchItemFailures: null }],
  ['text', 'done'],
  ['an unrelated object', { statusCode: 500 }],
])('a response of %s marks the batch as delivered', (_, response) => {
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
    'a valid identifier next to one that is not in the batch',
    [{ itemIdentifier: '2' }, { itemIdentifier: '9' }],
  ],
  ['an entry that is text', ['2']],
  ['failures that are not a list', '2'],
])('a response with %s fails the whole batch', (_, batchItemFailures) => {
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
])('a response that lists %j retries %j', (listed, again) => {
  const failures = listed.map((itemIdentifier) => ({ itemIdentifier }));
  const batch = settleInvocation(
    startBatch(createPolledRecords(3)),
    reporting,
    answered({ batchItemFailures: failures }),
    nowMs,
  );
  expect(batch.flatMap(({ records }) => listNumbers(records))).toEqual(again);
});

test('the retry starts at the earliest listed record, not at the smallest text', () => {
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

test('a partial batch response is ignored unless the mapping enables it', () => {
  const answer = answered({ batchItemFailures: [{ itemIdentifier: '2' }] });
  expect(settleInvocation(startBatch(createPolledRecords(3)), createMapping(), answer, nowMs)).toEqual([]);
});
