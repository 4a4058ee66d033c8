import { parseDay } from '../../src/days/day';
import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { ReconcileReport } from '../../src/ledger/reconcile';
import type { MemoryTables } from '../support/memoryTables';
import type { Setup } from './history';
import type { Reference } from './reference';
import type { Caller, Schedule } from './schedule';
import type { Entry, Lane } from './stream';
import type { Subject } from './subject';
import { tableNames } from './tables';
import { BrokenInvariantError, type Witness } from './witness';

/** A running invocation of the processor. Without a lane it is a duplicate, and its answer is ignored. */
interface Invocation extends Caller {
  batch: Entry[];
  lane: Lane | undefined;
}

/** The parts of the world that consumers use. */
interface Surroundings {
  readonly subject: Subject;
  readonly setup: Setup;
  readonly schedule: Schedule;
  readonly tables: MemoryTables;
  readonly reference: Reference;
  readonly witness: Witness;
  count(event: string): void;
}

/** The callers of the code under test: invocations of the processor, runs of reconcile, and readers of days. */
export class Consumers {
  readonly invocations = new Set<Invocation>();
  readonly reconciles = new Set<Caller>();
  readonly delivered: { batch: Entry[]; timeMs: number }[] = [];
  /** The first wrong answer that a reader got. */
  failure: BrokenInvariantError | undefined;
  private marks = 0;

  constructor(private readonly world: Surroundings) {}

  poll(lane: Lane, size: number): void {
    if (lane.bisectedTo < Math.min(size, lane.queue.length)) this.world.count('bisected');
    this.invoke(lane.queue.slice(0, Math.min(size, lane.bisectedTo)), lane);
  }

  invoke(batch: Entry[], lane: Lane | undefined): void {
    const invocation: Invocation = { name: 'processor', batch, lane };
    this.invocations.add(invocation);
    if (lane) {
      lane.reader = invocation;
      this.delivered.push({ batch, timeMs: this.world.schedule.nowMs });
    }
    this.world.count('invocations');
    const store = new this.world.subject.TotalsStore(
      this.world.schedule.client(invocation, this.world.witness.watch(invocation, this.world.tables)),
      tableNames,
    );
    const untilMs = this.world.schedule.nowMs + this.world.setup.timeoutSeconds * 1_000;
    void this.world.subject
      .applyBatch(
        batch.map(({ record }) => record),
        store,
        {
          clock: this.world.schedule.clock(invocation),
          random: () => 0.5,
          remainingMs: () => untilMs - this.world.schedule.nowMs,
          report: () => undefined,
        },
      )
      .then(
        (answer) => {
          this.answer(invocation, answer);
        },
        () => {
          this.world.count('failedInvocations');
          this.bisect(invocation);
          this.free(invocation);
        },
      );
  }

  /** Handles an answer as Lambda does: removes the applied records and retries the rest. */
  private answer(invocation: Invocation, { batchItemFailures }: DynamoDBBatchResponse): void {
    const { batch, lane } = invocation;
    this.free(invocation);
    if (!lane) return;
    const identifiers = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    const firstFailed = batch.findIndex(({ sequence }) => identifiers.has(sequence));
    if (identifiers.size > 0) this.world.count('partialAnswers');
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
    const store = new this.world.subject.ReconcileStore(
      this.world.schedule.client(caller, this.world.witness.watch(caller, this.world.tables)),
      tableNames,
      this.world.schedule.clock(caller),
    );
    const untilMs = this.world.schedule.nowMs + minutes * 60_000;
    try {
      const report = await this.world.subject.reconcile(store, {
        clock: this.world.schedule.clock(caller),
        random: () => (this.marks += 1),
        remainingMs: () => untilMs - this.world.schedule.nowMs,
        report: () => undefined,
      });
      if (this.world.witness.checkReport(caller, report.differenceAfter))
        this.world.count('stuckAndReported');
      return report;
    } catch {
      this.world.count('failedReconciles');
      return undefined;
    } finally {
      this.free(caller);
    }
  }

  /** Reads days while they change. The answer must have been true at some moment of the reading. */
  startReader(tag: string): void {
    for (const read of [tag, 'COUNTER']) this.readDays(read);
  }

  private readDays(tag: string): void {
    const caller: Caller = { name: 'reader' };
    const store = new this.world.subject.TotalsStore(
      this.world.schedule.client(caller, this.world.tables),
      tableNames,
    );
    const first = this.world.reference.daysOf(tag);
    const possible = [first];
    this.world.reference.watch(tag, (days) => possible.push(days));
    const [from, to] = [parseDay('from', '2025-12-30'), parseDay('to', '2026-03-30')];
    void (tag === 'COUNTER' ? store.readTotalDays(from, to) : store.readDays(tag, from, to)).then(
      (days) => {
        const shown = JSON.stringify(
          days.filter(({ visits }) => visits !== 0).map(({ day, visits }) => [day, visits]),
        );
        if (!possible.includes(shown))
          this.failure ??= new BrokenInvariantError(
            `A reader got days that were never true: ${shown}, not ${possible.join(' or ')}`,
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
