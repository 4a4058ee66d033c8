import { computeBackoffMs } from './clock';
import type { EventSourceMapping } from './mapping';
import type { PolledRecord } from './record';

/** The result of one invocation of the function. */
export type InvocationResult =
  | { ok: true; response: unknown; requestId: string }
  | { ok: false; error: string; requestId: string; functionError: 'Unhandled' };

export type RetryPolicy = Pick<
  EventSourceMapping,
  | 'maximumRetryAttempts'
  | 'maximumRecordAgeSeconds'
  | 'bisectBatchOnFunctionError'
  | 'reportBatchItemFailures'
>;

/** Consecutive records of a batch that are delivered by their own invocations. */
interface Part {
  records: readonly PolledRecord[];
  /** Failures that use up a retry: those after which the part was not split. */
  failures: number;
  notBeforeMs: number;
  lastFailure?: LastFailure;
}

export interface LastFailure {
  requestId: string;
  /** null when the function returned and listed failed records. */
  functionError: 'Unhandled' | null;
}

/** The rest of a batch: parts in the stream's order. Only the first is worked on. */
export type Batch = readonly Part[];

export type BatchStep =
  | { kind: 'done' }
  | { kind: 'wait'; durationMs: number }
  | { kind: 'invoke'; records: readonly PolledRecord[] }
  | Discard;

export interface Discard {
  kind: 'discard';
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  records: readonly PolledRecord[];
  invokeCount: number;
  lastFailure: LastFailure | undefined;
}

/** AWS documents no times for its backoff. These keep the wait short after a person has fixed a handler. */
const firstBackoffMs = 250;
const mostBackoffMs = 10_000;

export function startBatch(records: readonly PolledRecord[]): Batch {
  return records.length === 0 ? [] : [{ records, failures: 0, notBeforeMs: 0 }];
}

export function countRemaining(batch: Batch): number {
  return batch.reduce((count, part) => count + part.records.length, 0);
}

/** The next step. The batch does not change until its outcome is given to `settleInvocation` or `settleDiscard`. */
export function planStep(batch: Batch, policy: RetryPolicy, nowMs: number): BatchStep {
  const [part] = batch;
  if (part === undefined) return { kind: 'done' };
  const { records, failures, lastFailure } = part;

  const expired = countExpired(records, policy.maximumRecordAgeSeconds, nowMs);
  if (expired > 0)
    return {
      kind: 'discard',
      condition: 'RecordAgeExceeded',
      records: records.slice(0, expired),
      invokeCount: failures,
      lastFailure,
    };
  if (policy.maximumRetryAttempts >= 0 && failures > policy.maximumRetryAttempts)
    return {
      kind: 'discard',
      condition: 'RetryAttemptsExhausted',
      records,
      invokeCount: failures,
      lastFailure,
    };
  if (part.notBeforeMs > nowMs) return { kind: 'wait', durationMs: part.notBeforeMs - nowMs };
  return { kind: 'invoke', records };
}

/** The batch after the function was invoked with the records of its first part. */
export function settleInvocation(
  batch: Batch,
  policy: RetryPolicy,
  result: InvocationResult,
  nowMs: number,
): Batch {
  const [part, ...rest] = batch;
  if (part === undefined) return batch;

  const outcome = readOutcome(part.records, policy, result);
  if (outcome.kind === 'delivered') return rest;
  const lastFailure: LastFailure = {
    requestId: result.requestId,
    functionError: result.ok ? null : result.functionError,
  };
  const { deliveredCount } = outcome;
  const remainder = { ...part, records: part.records.slice(deliveredCount), lastFailure };

  if (policy.bisectBatchOnFunctionError && deliveredCount > 0) return [remainder, ...rest];
  // AWS does not document what happens when the first record is the one returned. Halving, as after an error, keeps
  // its neighbours from being discarded with it when the retries are used up.
  if (policy.bisectBatchOnFunctionError && remainder.records.length > 1) {
    const middle = Math.ceil(remainder.records.length / 2);
    return [
      { ...remainder, records: remainder.records.slice(0, middle) },
      { ...remainder, records: remainder.records.slice(middle) },
      ...rest,
    ];
  }
  const failures = part.failures + 1;
  const notBeforeMs = nowMs + computeBackoffMs(failures, firstBackoffMs, mostBackoffMs);
  return [{ ...remainder, failures, notBeforeMs }, ...rest];
}

/** The batch after the records of a discard step, which are its first, were given up. */
export function settleDiscard(batch: Batch, discard: Discard): Batch {
  const [part, ...rest] = batch;
  if (part === undefined) return batch;
  const records = part.records.slice(discard.records.length);
  return records.length === 0 ? rest : [{ ...part, records }, ...rest];
}

function countExpired(records: readonly PolledRecord[], maximumAgeSeconds: number, nowMs: number): number {
  if (maximumAgeSeconds < 0) return 0;
  const firstFresh = records.findIndex(
    ({ createdSeconds }) => nowMs - createdSeconds * 1_000 <= maximumAgeSeconds * 1_000,
  );
  return firstFresh < 0 ? records.length : firstFresh;
}

type Outcome = { kind: 'delivered' } | { kind: 'failed'; deliveredCount: number };

const wholeBatchFailed: Outcome = { kind: 'failed', deliveredCount: 0 };

function readOutcome(
  records: readonly PolledRecord[],
  policy: RetryPolicy,
  result: InvocationResult,
): Outcome {
  if (!result.ok) return wholeBatchFailed;
  if (!policy.reportBatchItemFailures) return { kind: 'delivered' };
  return readPartialAnswer(records, result.response);
}

/** Lambda's rules for the answer of a function with ReportBatchItemFailures. */
function readPartialAnswer(records: readonly PolledRecord[], response: unknown): Outcome {
  if (typeof response !== 'object' || response === null) return { kind: 'delivered' };
  const failures: unknown = 'batchItemFailures' in response ? response.batchItemFailures : undefined;
  if (failures === undefined || failures === null) return { kind: 'delivered' };
  if (!Array.isArray(failures)) return wholeBatchFailed;
  if (failures.length === 0) return { kind: 'delivered' };

  const positions = failures.map((failure) => findFailedRecord(records, failure));
  const first = Math.min(...positions);
  // −1: an empty or null identifier, a wrong key, or a record that is not in the batch.
  return first < 0 ? wholeBatchFailed : { kind: 'failed', deliveredCount: first };
}

function findFailedRecord(records: readonly PolledRecord[], failure: unknown): number {
  if (typeof failure !== 'object' || failure === null || !('itemIdentifier' in failure)) return -1;
  return records.findIndex(({ sequenceNumber }) => sequenceNumber === failure.itemIdentifier);
}
