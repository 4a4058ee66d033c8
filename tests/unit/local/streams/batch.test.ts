import fc from 'fast-check';
import {
  planStep,
  settleDiscard,
  settleInvocation,
  startBatch,
  type Batch,
  type Discard,
  type InvocationResult,
  type RetryPolicy,
} from '../../../../local/streams/batch';
import { createFailureMessage } from '../../../../local/streams/failureMessage';
import type { PolledRecord } from '../../../../local/streams/record';
import { createMapping, createPolledRecords, streamArn } from '../../../support/streamRecords';

const thrown: InvocationResult = {
  ok: false,
  error: 'Error: no',
  requestId: 'r1',
  functionError: 'Unhandled',
};
const answered = (response: unknown): InvocationResult => ({ ok: true, response, requestId: 'r2' });
const reporting = createMapping({ reportBatchItemFailures: true });
const nowMs = 1_714_564_900_000;

const listNumbers = (records: readonly PolledRecord[]) => records.map(({ sequenceNumber }) => sequenceNumber);

/** Delivers a batch to a function until every record is settled. Waits only advance a simulated clock. */
function deliver(
  records: PolledRecord[],
  policy: RetryPolicy,
  invoke: (numbers: string[]) => InvocationResult,
): { invocations: string[][]; discards: Discard[] } {
  const invocations: string[][] = [];
  const discards: Discard[] = [];
  let clockMs = nowMs;
  let batch: Batch = startBatch(records);
  for (;;) {
    const step = planStep(batch, policy, clockMs);
    if (step.kind === 'done') return { invocations, discards };
    if (invocations.length > 5_000) throw new Error('The batch never ends.');
    if (step.kind === 'wait') {
      clockMs += step.durationMs;
    } else if (step.kind === 'discard') {
      discards.push(step);
      batch = settleDiscard(batch, step);
    } else {
      const numbers = listNumbers(step.records);
      invocations.push(numbers);
      batch = settleInvocation(batch, policy, invoke(numbers), clockMs);
    }
  }
}

const failWith = (poison: string) => (numbers: string[]) =>
  numbers.includes(poison) ? thrown : answered(null);
const reportFirst = (poison: string) => (numbers: string[]) =>
  answered({ batchItemFailures: numbers.includes(poison) ? [{ itemIdentifier: poison }] : [] });

test.each([0, 1, 3])(
  'a limit of %d retries allows that many after the first invocation',
  (maximumRetryAttempts) => {
    const policy = createMapping({ maximumRetryAttempts });
    const { invocations, discards } = deliver(createPolledRecords(2), policy, failWith('1'));
    expect(invocations).toHaveLength(maximumRetryAttempts + 1);
    expect(discards).toEqual([
      expect.objectContaining({
        condition: 'RetryAttemptsExhausted',
        invokeCount: maximumRetryAttempts + 1,
        lastFailure: { requestId: 'r1', functionError: 'Unhandled' },
      }),
    ]);
  },
);

test('without a limit, a batch is retried until it succeeds', () => {
  let failures = 300;
  const { invocations, discards } = deliver(createPolledRecords(2), createMapping(), () =>
    failures-- > 0 ? thrown : answered(null),
  );
  expect(invocations).toHaveLength(301);
  expect(discards).toEqual([]);
});

test('retries back off exponentially, up to ten seconds', () => {
  let batch = startBatch(createPolledRecords(1));
  const waits: number[] = [];
  for (let attempt = 0; attempt < 8; attempt++) {
    batch = settleInvocation(batch, createMapping(), thrown, nowMs);
    const step = planStep(batch, createMapping(), nowMs);
    waits.push(step.kind === 'wait' ? step.durationMs : 0);
  }
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  expect(planStep(batch, createMapping(), nowMs + 9_999)).toEqual({ kind: 'wait', durationMs: 1 });
  expect(planStep(batch, createMapping(), nowMs + 10_000).kind).toBe('invoke');
});

test('bisecting halves a batch down to the bad record without using up retries', () => {
  const policy = createMapping({ maximumRetryAttempts: 1, bisectBatchOnFunctionError: true });
  const { invocations, discards } = deliver(createPolledRecords(4), policy, failWith('2'));
  expect(invocations).toEqual([['1', '2', '3', '4'], ['1', '2'], ['1'], ['2'], ['2'], ['3', '4']]);
  expect(discards.map(({ records }) => listNumbers(records))).toEqual([['2']]);
});

test('with bisecting, a partial batch response splits the batch at the record that it names', () => {
  const policy = { ...reporting, maximumRetryAttempts: 1, bisectBatchOnFunctionError: true };
  const { invocations, discards } = deliver(createPolledRecords(4), policy, reportFirst('3'));
  expect(invocations).toEqual([['1', '2', '3', '4'], ['3', '4'], ['3'], ['3'], ['4']]);
  expect(discards).toEqual([
    expect.objectContaining({ invokeCount: 2, lastFailure: { requestId: 'r2', functionError: null } }),
  ]);
});

test('without bisecting, a bad record and the rest of its batch are discarded together', () => {
  const { invocations, discards } = deliver(
    createPolledRecords(4),
    { ...reporting, maximumRetryAttempts: 1 },
    reportFirst('3'),
  );
  expect(invocations).toEqual([
    ['1', '2', '3', '4'],
    ['3', '4'],
  ]);
  expect(discards.map(({ records }) => listNumbers(records))).toEqual([['3', '4']]);
});

test('a record at the maximum age is delivered, and one a millisecond older is discarded', () => {
  const policy = createMapping({ maximumRecordAgeSeconds: 60 });
  const [old, young] = [createPolledRecords(1, 1_000), createPolledRecords(2, 1_001).slice(1)];
  const batch = startBatch([...old, ...young]);
  expect(planStep(batch, policy, 1_060_000)).toMatchObject({ kind: 'invoke' });

  const step = planStep(batch, policy, 1_060_001);
  expect(step).toEqual({
    kind: 'discard',
    condition: 'RecordAgeExceeded',
    records: old,
    invokeCount: 0,
    lastFailure: undefined,
  });
  const rest = settleDiscard(batch, step as Discard);
  expect(planStep(rest, policy, 1_060_001)).toEqual({ kind: 'invoke', records: young });
});

test('records can expire while they are retried, even during a wait', () => {
  const policy = createMapping({ maximumRecordAgeSeconds: 60 });
  const batch = settleInvocation(startBatch(createPolledRecords(1, 1_000)), policy, thrown, 1_060_000);
  expect(planStep(batch, policy, 1_060_001)).toMatchObject({
    condition: 'RecordAgeExceeded',
    invokeCount: 1,
  });
});

test('a message to a failure destination has the same shape as on AWS', () => {
  const records = [
    ...createPolledRecords(1, 1_573_690_399),
    ...createPolledRecords(2, 1_573_690_400).slice(1),
  ];
  const discard: Discard = {
    kind: 'discard',
    condition: 'RetryAttemptsExhausted',
    records,
    invokeCount: 3,
    lastFailure: { requestId: 'r1', functionError: 'Unhandled' },
  };
  const mapping = createMapping();
  expect(createFailureMessage(mapping, 'shardId-1', discard, 1_573_690_429_717, 'unused')).toEqual({
    requestContext: {
      requestId: 'r1',
      functionArn: mapping.functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: '2019-11-14T00:13:49.717Z',
    DDBStreamBatchInfo: {
      shardId: 'shardId-1',
      startSequenceNumber: '1',
      endSequenceNumber: '2',
      approximateArrivalOfFirstRecord: '2019-11-14T00:13:19Z',
      approximateArrivalOfLastRecord: '2019-11-14T00:13:20Z',
      batchSize: 2,
      streamArn,
    },
  });
});

const policies = fc.record({
  count: fc.integer({ min: 1, max: 40 }),
  poisons: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }),
  maximumRetryAttempts: fc.integer({ min: 0, max: 3 }),
  isReporting: fc.boolean(),
});

test('bisecting discards only the bad records, each after all its attempts, and delivers the rest in order', () => {
  fc.assert(
    fc.property(policies, ({ count, poisons, maximumRetryAttempts, isReporting }) => {
      const bad = new Set(poisons.map(String));
      const policy = createMapping({
        maximumRetryAttempts,
        bisectBatchOnFunctionError: true,
        reportBatchItemFailures: isReporting,
      });
      const delivered: string[] = [];
      const { invocations, discards } = deliver(createPolledRecords(count), policy, (numbers) => {
        const first = numbers.findIndex((number) => bad.has(number));
        if (first < 0) delivered.push(...numbers);
        if (first > 0 && isReporting) delivered.push(...numbers.slice(0, first));
        if (first < 0) return answered(null);
        return isReporting ? reportFirst(numbers[first] ?? '')(numbers) : thrown;
      });

      const all = listNumbers(createPolledRecords(count));
      expect(delivered).toEqual(all.filter((number) => !bad.has(number)));
      expect(discards.map(({ records }) => listNumbers(records))).toEqual(
        all.filter((number) => bad.has(number)).map((number) => [number]),
      );
      for (const { records, invokeCount } of discards) {
        const [number] = listNumbers(records);
        const alone = invocations.filter((sent) => sent.length === 1 && sent[0] === number);
        expect([invokeCount, alone.length]).toEqual([maximumRetryAttempts + 1, maximumRetryAttempts + 1]);
      }
    }),
  );
});

test('whatever the function returns, each record is delivered or discarded, once and in order', () => {
  const answers = fc.array(fc.oneof(fc.constant('throw'), fc.constant('ok'), fc.nat({ max: 40 })), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(policies, answers, fc.boolean(), ({ count, maximumRetryAttempts }, plan, isBisecting) => {
      const policy = { ...reporting, maximumRetryAttempts, bisectBatchOnFunctionError: isBisecting };
      const settled: string[] = [];
      const queue = [...plan];
      let batch = startBatch(createPolledRecords(count));
      let clockMs = nowMs;
      for (;;) {
        const before = batch.flatMap(({ records }) => listNumbers(records));
        const step = planStep(batch, policy, clockMs);
        if (step.kind === 'done') break;
        if (step.kind === 'wait') clockMs += step.durationMs;
        if (step.kind === 'discard') batch = settleDiscard(batch, step);
        if (step.kind === 'invoke') {
          const answer = queue.shift() ?? 'ok';
          const failed =
            typeof answer === 'number'
              ? [{ itemIdentifier: step.records[answer]?.sequenceNumber ?? null }]
              : [];
          const result = answer === 'throw' ? thrown : answered({ batchItemFailures: failed });
          batch = settleInvocation(batch, policy, result, clockMs);
        }
        const after = batch.flatMap(({ records }) => listNumbers(records));
        expect(before.slice(before.length - after.length)).toEqual(after);
        settled.push(...before.slice(0, before.length - after.length));
      }
      expect(settled).toEqual(listNumbers(createPolledRecords(count)));
    }),
  );
});
