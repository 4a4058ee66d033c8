import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { ReconcileReport } from '../../src/ledger/reconcile';
import type { MemoryTables } from '../support/memoryTables';
import type { Setup } from './history';
import type { Reference } from './reference';
import type { Caller, Schedule } from './schedule';
import type { Entry, Lane } from './stream';
import type { Subject } from './subject';
import { tableNames } from './tables';
import { BrokenPromiseError, type Witness } from './witness';

/** A batch in the processor's hands. One without a lane is a copy, whose answer nobody waits for. */
interface Invocation extends Caller {
  batch: Entry[];
  lane: Lane | undefined;
}

/** Where consumers work. */
interface Place {
  readonly subject: Subject;
  readonly setup: Setup;
  readonly schedule: Schedule;
  readonly tables: MemoryTables;
  readonly reference: Reference;
  readonly witness: Witness;
  count(what: string): void;
}

/** Whoever calls the judged code, each at its own pace: invocations of the processor, reconcile and readers of days. */
export class Consumers {
  readonly invocations = new Set<Invocation>();
  readonly reconciles = new Set<Caller>();
  readonly delivered: { batch: Entry[]; timeMs: number }[] = [];
  /** The first wrong thing that a reader saw. */
  failure: BrokenPromiseError | undefined;
  private marks = 0;

  constructor(private readonly place: Place) {}

  poll(lane: Lane, size: number): void {
    if (lane.bisectedTo < Math.min(size, lane.queue.length)) this.place.count('bisected');
    this.invoke(lane.queue.slice(0, Math.min(size, lane.bisectedTo)), lane);
  }

  invoke(batch: Entry[], lane: Lane | undefined): void {
    const invocation: Invocation = { name: 'processor', batch, lane };
    this.invocations.add(invocation);
    if (lane) {
      lane.reader = invocation;
      this.delivered.push({ batch, timeMs: this.place.schedule.nowMs });
    }
    this.place.count('invocations');
    const store = new this.place.subject.TotalsStore(
      this.place.schedule.client(invocation, this.place.witness.watch(invocation, this.place.tables)),
      tableNames,
    );
    const untilMs = this.place.schedule.nowMs + this.place.setup.timeoutSeconds * 1_000;
    void this.place.subject
      .applyBatch(
        batch.map(({ record }) => record),
        store,
        {
          clock: this.place.schedule.clock(invocation),
          random: () => 0.5,
          remainingMs: () => untilMs - this.place.schedule.nowMs,
          report: () => undefined,
        },
      )
      .then(
        (answer) => {
          this.answer(invocation, answer);
        },
        () => {
          this.place.count('failedInvocations');
          this.bisect(invocation);
          this.free(invocation);
        },
      );
  }

  /** What Lambda does with an answer: goes on after what was applied, and sends the rest again. */
  private answer(invocation: Invocation, { batchItemFailures }: DynamoDBBatchResponse): void {
    const { batch, lane } = invocation;
    this.free(invocation);
    if (!lane) return;
    const identifiers = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const firstFailed = batch.findIndex(({ sequence }) => identifiers.has(sequence));
    if (identifiers.size > 0) this.place.count('partialAnswers');
    lane.bisectedTo = Infinity;
    const done = identifiers.size === 0 ? batch.length : Math.max(0, firstFailed);
    const doneEntries = new Set(batch.slice(0, done));
    lane.queue = lane.queue.filter((entry) => !doneEntries.has(entry));
  }

  bisect(caller: Caller): void {
    for (const { lane, batch } of [...this.invocations].filter((invocation) => invocation === caller))
      if (lane) lane.bisectedTo = Math.max(1, Math.floor(batch.length / 2));
  }

  free(caller: Caller): void {
    for (const invocation of this.invocations) {
      if (invocation !== caller) continue;
      if (invocation.lane) invocation.lane.reader = undefined;
      this.invocations.delete(invocation);
    }
    this.reconciles.delete(caller);
  }

  async startReconcile(minutes: number): Promise<ReconcileReport | undefined> {
    const caller: Caller = { name: 'reconcile' };
    this.reconciles.add(caller);
    const store = new this.place.subject.ReconcileStore(
      this.place.schedule.client(caller, this.place.witness.watch(caller, this.place.tables)),
      tableNames,
      this.place.schedule.clock(caller),
    );
    const untilMs = this.place.schedule.nowMs + minutes * 60_000;
    try {
      const report = await this.place.subject.reconcile(store, {
        clock: this.place.schedule.clock(caller),
        random: () => (this.marks += 1),
        remainingMs: () => untilMs - this.place.schedule.nowMs,
        report: () => undefined,
      });
      if (this.place.witness.checkReport(caller, report.differenceAfter)) this.place.count('stuckAndTold');
      return report;
    } catch {
      this.place.count('failedReconciles');
      return undefined;
    } finally {
      this.free(caller);
    }
  }

  /** Reads days while they move: what comes of it must have been true at some moment of the reading. */
  startReader(tag: string): void {
    for (const read of [tag, 'COUNTER']) this.readDays(read);
  }

  private readDays(tag: string): void {
    const caller: Caller = { name: 'reader' };
    const store = new this.place.subject.TotalsStore(
      this.place.schedule.client(caller, this.place.tables),
      tableNames,
    );
    const first = this.place.reference.daysOf(tag);
    const possible = [first];
    this.place.reference.watch(tag, (days) => possible.push(days));
    const [from, to] = ['2025-12-30', '2026-03-30'];
    void (tag === 'COUNTER' ? store.readTotalDays(from, to) : store.readDays(tag, from, to)).then(
      (days) => {
        const shown = JSON.stringify(
          days.filter(({ visits }) => visits !== 0).map(({ day, visits }) => [day, visits]),
        );
        if (!possible.includes(shown))
          this.failure ??= new BrokenPromiseError(
            `Days were read that never were: ${shown}, not ${possible.join(' or ')}`,
          );
      },
      () => undefined,
    );
  }

  pickInvocation(index: number): Invocation | undefined {
    const all = [...this.invocations];
    return all[index % all.length];
  }

  pickCaller(index: number): Caller | undefined {
    const all: Caller[] = [...this.invocations, ...this.reconciles];
    return all[index % all.length];
  }
}
