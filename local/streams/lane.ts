import { randomUUID } from 'node:crypto';
import {
  countRemaining,
  planStep,
  settleDiscard,
  settleInvocation,
  startBatch,
  type Batch,
  type Discard,
  type InvocationResult,
} from './batch';
import type { LaneKey, MappingCheckpoints } from './checkpoints';
import type { Clock } from './clock';
import { createFailureMessage, type FailureMessage } from './failureMessage';
import type { EventSourceMapping } from './mapping';
import { StoppedError } from './endlessRetry';
import { chooseLane, measureRecord, type PolledRecord, type StreamRecord } from './record';
import type { ShardReader } from './shardReader';

export interface LaneOptions {
  mapping: EventSourceMapping;
  key: LaneKey;
  reader: Pick<ShardReader, 'read'>;
  isWanted: (record: StreamRecord) => boolean;
  invoke: (event: { Records: StreamRecord[] }) => Promise<InvocationResult>;
  checkpoints: Pick<MappingCheckpoints, 'record'>;
  sendToDestination: (destinationId: string, message: FailureMessage) => Promise<void>;
  clock: Clock;
  signal: AbortSignal;
  log: (message: string) => void;
}

/** Lambda polls a shard four times a second. */
const pollIntervalMs = 250;
/** The limit on an invocation's payload. Each record is counted with a comma, of which the event has one less. */
const payloadLimitBytes = 6 * 1024 * 1024 - Buffer.byteLength('{"Records":[]}') + 1;

/** One shard's records for one function, or one lane of them: a batch at a time, in order, each at least once. */
export class Lane {
  #waiting: PolledRecord[] = [];
  #waitingBytes = 0;
  #windowEndsMs = 0;
  #nextReadMs = 0;
  #lastRead: string | undefined;
  #hasEnded = false;

  constructor(private readonly options: LaneOptions) {}

  /** Resolves once the shard has ended and all its records are delivered or given up. @throws StoppedError */
  async run(): Promise<void> {
    const { clock, signal } = this.options;
    while (!this.#isDone()) {
      if (!this.#hasEnded && !this.#isFull() && clock.nowMs() >= this.#nextReadMs) await this.#readPage();
      if (this.#isBatchDue()) await this.#deliverBatch();
      else await this.#pause();
      if (signal.aborted) throw new StoppedError();
    }
    await this.options.checkpoints.record(this.options.key, { kind: 'finished' });
  }

  #isDone(): boolean {
    return this.#hasEnded && this.#waiting.length === 0;
  }

  #isBatchDue(): boolean {
    if (this.#waiting.length === 0) return false;
    return this.#isFull() || this.#hasEnded || this.options.clock.nowMs() >= this.#windowEndsMs;
  }

  async #readPage(): Promise<void> {
    const { clock, reader } = this.options;
    const startedMs = clock.nowMs();
    const { records, lastSequenceNumber, hasMore, isLast } = await reader.read();
    this.#hasEnded = isLast;
    this.#nextReadMs = hasMore ? startedMs : startedMs + pollIntervalMs;
    this.#lastRead = lastSequenceNumber ?? this.#lastRead;
    this.#addWaiting(records);
    // No record of the page is for the function, so the checkpoint moves on without an invocation.
    if (this.#waiting.length === 0 && lastSequenceNumber !== undefined)
      await this.#checkpoint(lastSequenceNumber);
  }

  async #pause(): Promise<void> {
    if (this.#isDone()) return;
    const dueMs =
      this.#waiting.length > 0 ? Math.min(this.#nextReadMs, this.#windowEndsMs) : this.#nextReadMs;
    const durationMs = dueMs - this.options.clock.nowMs();
    if (durationMs > 0) await this.options.clock.sleep(durationMs, this.options.signal);
  }

  #addWaiting(records: readonly StreamRecord[]): void {
    const { mapping, key, isWanted } = this.options;
    const wasEmpty = this.#waiting.length === 0;
    for (const record of records) {
      if (chooseLane(record, mapping.parallelizationFactor) !== key.lane || !isWanted(record)) continue;
      const measured = measureRecord(record);
      this.#waiting.push(measured);
      this.#waitingBytes += measured.jsonBytes + 1;
    }
    if (wasEmpty && this.#waiting.length > 0) this.#startWindow();
  }

  #startWindow(): void {
    const { clock, mapping } = this.options;
    this.#windowEndsMs = clock.nowMs() + mapping.maximumBatchingWindowSeconds * 1_000;
  }

  #isFull(): boolean {
    return this.#waiting.length >= this.options.mapping.batchSize || this.#waitingBytes >= payloadLimitBytes;
  }

  #takeBatch(): PolledRecord[] {
    let bytes = 0;
    let count = 0;
    for (const { jsonBytes } of this.#waiting) {
      bytes += jsonBytes + 1;
      if (count === this.options.mapping.batchSize || (count > 0 && bytes > payloadLimitBytes)) break;
      count++;
      this.#waitingBytes -= jsonBytes + 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #deliverBatch(): Promise<void> {
    const records = this.#takeBatch();
    if (this.#waiting.length > 0) this.#startWindow();
    let batch = startBatch(records);
    while (batch.length > 0) {
      if (this.options.signal.aborted) throw new StoppedError();
      const before = countRemaining(batch);
      batch = await this.#takeStep(batch);
      const remaining = countRemaining(batch);
      const settled = records[records.length - remaining - 1]?.sequenceNumber;
      if (settled === undefined || remaining === before) continue;
      // With no record left, those behind it that the filter removed are done too.
      const isAllDone = remaining === 0 && this.#waiting.length === 0;
      await this.#checkpoint(isAllDone ? (this.#lastRead ?? settled) : settled);
    }
  }

  async #takeStep(batch: Batch): Promise<Batch> {
    const { mapping, clock, signal } = this.options;
    const step = planStep(batch, mapping, clock.nowMs());
    switch (step.kind) {
      case 'done':
        return batch;
      case 'wait':
        await clock.sleep(step.durationMs, signal);
        return batch;
      case 'discard':
        await this.#discard(step);
        return settleDiscard(batch, step);
      case 'invoke': {
        const result = await this.#invoke(step.records);
        const rest = settleInvocation(batch, mapping, result, clock.nowMs());
        // Logged once for each batch; later failures are its retries.
        if (batch[0]?.lastFailure === undefined && rest[0]?.lastFailure !== undefined)
          this.#logFailure(step.records, result.ok ? 'it returned the records that failed' : result.error);
        return rest;
      }
    }
  }

  async #invoke(records: readonly PolledRecord[]): Promise<InvocationResult> {
    try {
      return await this.options.invoke({ Records: records.map(({ record }) => record) });
    } catch (error) {
      // The function could not be started, which is a failure like any other for the stream.
      return { ok: false, error: String(error), requestId: randomUUID(), functionError: 'Unhandled' };
    }
  }

  async #discard(discard: Discard): Promise<void> {
    const { mapping, key, clock, log, sendToDestination } = this.options;
    log(
      `${mapping.functionName}: ${describeRecords(discard.records)} of ${key.shardId} given up ` +
        `(${discard.condition}).`,
    );
    if (mapping.onFailureDestination === undefined) return;
    const message = createFailureMessage(mapping, key.shardId, discard, clock.nowMs(), randomUUID());
    try {
      await sendToDestination(mapping.onFailureDestination, message);
    } catch (error) {
      // As on AWS, a destination that cannot be reached does not block the stream.
      log(`${mapping.functionName}: nothing was sent to ${mapping.onFailureDestination}. ${String(error)}`);
    }
  }

  #logFailure(records: readonly PolledRecord[], error: string): void {
    const { mapping, key, log } = this.options;
    log(`${mapping.functionName} failed on ${describeRecords(records)} of ${key.shardId}: ${error}`);
  }

  async #checkpoint(sequenceNumber: string): Promise<void> {
    await this.options.checkpoints.record(this.options.key, { kind: 'after', sequenceNumber });
  }
}

function describeRecords(records: readonly PolledRecord[]): string {
  const [first, last] = [records.at(0)?.sequenceNumber ?? '', records.at(-1)?.sequenceNumber ?? ''];
  return records.length === 1 ? `record ${first}` : `${records.length} records (${first} to ${last})`;
}
