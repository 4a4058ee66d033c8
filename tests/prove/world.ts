import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { ReconcileReport } from '../../src/totals/reconcile';
import { MemoryTables, type Change } from '../support/memoryTables';
import { crowd, tags, type Command, type History, type Setup } from './history';
import { Reference } from './reference';
import { Schedule, settle, type Caller } from './schedule';
import { SimulatedStream, type Entry, type Lane } from './stream';
import type { Subject } from './subject';
import { tableNames, Visitors } from './visitors';

/** Something is not as it must be. The message says what, in a person's words. */
export class BrokenPromiseError extends Error {}

interface Invocation extends Caller {
  batch: Entry[];
  lane: Lane | undefined;
}

const foreignRecords = [
  {},
  null,
  'text',
  { eventName: 'INSERT', dynamodb: {} },
  { dynamodb: { Keys: { id: { N: '1' } } } },
];

/** What is counted over all histories, for whoever reads the proof. */
export type Tally = Map<string, number>;

/** One history: the tables, their stream, who reads it, and what goes wrong. */
export class World {
  readonly tables: MemoryTables;
  readonly schedule: Schedule;
  readonly stream: SimulatedStream;
  readonly reference = new Reference();
  private readonly visitors: Visitors;
  private readonly invocations = new Set<Invocation>();
  private readonly reconciles = new Set<Caller>();
  private readonly delivered: { batch: Entry[]; timeMs: number }[] = [];
  private marks = 0;
  private reconcileStarted = false;
  private skewMs = 0;
  private stripped = false;
  private loading = true;
  private failure: unknown;

  constructor(
    private readonly subject: Subject,
    readonly setup: Setup,
    private readonly tally: Tally,
  ) {
    const startMs = Date.UTC(2026, 0, 2) - setup.secondsToMidnight * 1_000;
    this.schedule = new Schedule(startMs, (fault) => {
      this.count(fault);
    });
    this.stream = new SimulatedStream(setup.firstSequence, setup.parallelization);
    this.tables = new MemoryTables(
      () => this.schedule.nowMs,
      (change) => {
        this.observe(change);
      },
      setup.scanPageItems,
    );
    this.visitors = new Visitors(this.tables, this.reference);
    this.visitors.loadOrigin(setup);
    this.loading = false;
  }

  count(what: string, by = 1): void {
    this.tally.set(what, (this.tally.get(what) ?? 0) + by);
  }

  async play(history: History): Promise<void> {
    this.count(`parallelization ${history.setup.parallelization}`);
    for (const command of history.commands) await this.do(command);
  }

  /** Lets everything come to its end with nothing going wrong. @throws BrokenPromiseError when it does not end */
  async drain(): Promise<void> {
    for (let steps = 0; this.schedule.size > 0 || this.stream.readableLanes().length > 0; steps += 1) {
      if (steps > 5_000) throw new BrokenPromiseError('The stream is never drained.');
      for (const lane of this.stream.readableLanes()) this.poll(lane, 100);
      await settle();
      if (this.schedule.size > 0) await this.schedule.step(0);
    }
    if (this.failure !== undefined) throw this.failure as Error;
  }

  /** Runs reconcile until it has walked both tables from their start to their end and left nothing behind. */
  async reconcileToTheEnd(): Promise<void> {
    // What a run before left off, the next one ends; it cannot know what was lost behind its back.
    let walks = this.reconcileStarted ? 2 : 1;
    for (let runs = 0; runs < 5; runs += 1) {
      const outcome = this.startReconcile(15);
      await this.drain();
      const report = await outcome;
      if (report?.finished === true && !report.rebuilding && report.differenceAfter === 0) walks -= 1;
      if (walks === 0) return;
    }
    throw new BrokenPromiseError('Reconcile does not come to its end.');
  }

  private async do(command: Command): Promise<void> {
    switch (command.do) {
      case 'visit':
        [this.skewMs, this.stripped] = [command.skewSeconds * 1_000, command.stripped];
        for (let time = 0; time < command.times; time += 1) this.visitors.visit(tags[command.tag] ?? '');
        [this.skewMs, this.stripped] = [0, false];
        if (command.stripped) this.count('withoutImages', command.times);
        return;
      case 'crowd':
        for (const tag of crowd) this.visitors.visit(tag);
        return;
      case 'delete':
        this.visitors.remove(tags[command.tag] ?? '');
        return;
      case 'set':
        this.visitors.setCount(tags[command.tag] ?? '', command.count);
        return;
      case 'foreign':
        this.count('foreign');
        this.stream.appendForeign(foreignRecords[command.kind % foreignRecords.length]);
        return;
      case 'poll': {
        const lanes = this.stream.readableLanes();
        const lane = lanes[command.lane % lanes.length];
        if (lane) this.poll(lane, command.size);
        return settle();
      }
      case 'run':
        for (const { pick, fault } of command.steps)
          if (this.schedule.size > 0) await this.schedule.step(pick, fault);
        return;
      case 'advance': {
        const caller = this.pickCaller(command.caller);
        if (caller) await this.schedule.advance(caller, command.calls);
        return;
      }
      case 'twice': {
        const batch = this.pickInvocation(command.invocation)?.batch;
        if (!batch) return;
        this.count('twice');
        this.invoke(batch, undefined);
        return settle();
      }
      case 'again': {
        const old = this.delivered[command.batch % this.delivered.length];
        if (!old) return;
        const minutes = (this.schedule.nowMs - old.timeMs) / 60_000;
        this.count(minutes > 1_440 ? 'againAfterADay' : minutes > 10 ? 'againAfterTenMinutes' : 'againSoon');
        this.invoke(old.batch, undefined);
        return settle();
      }
      case 'kill': {
        const caller = this.pickCaller(command.caller);
        if (!caller) return;
        this.count(command.made ? 'killedAfterWrite' : 'killedBeforeWrite');
        this.schedule.kill(caller, command.made);
        this.bisect(caller);
        this.free(caller);
        return;
      }
      case 'timeOut': {
        const invocation = this.pickInvocation(command.invocation);
        if (!invocation?.lane) return;
        this.count('timedOutAndStillRunning');
        this.bisect(invocation);
        invocation.lane.reader = undefined;
        invocation.lane = undefined;
        return;
      }
      case 'expire':
      case 'deadLetter': {
        const lanes = this.stream.readableLanes();
        const lane = lanes[command.lane % lanes.length];
        if (!lane) return;
        const lost = command.do === 'expire' ? lane.queue : lane.queue.slice(0, 100);
        for (const entry of lost) entry.lost = true;
        this.count(command.do === 'expire' ? 'expiredUnread' : 'deadLettered', lost.length);
        lane.queue = lane.queue.slice(lost.length);
        return;
      }
      case 'wait':
        this.schedule.nowMs += command.minutes * 60_000;
        return;
      case 'split':
        this.count('split');
        this.stream.split(command.shard);
        return;
      case 'remake':
        for (const invocation of this.invocations) invocation.lane = undefined;
        if (this.stream.remake()) this.count('streamMadeAnew');
        return;
      case 'reconcile':
        if (this.reconciles.size > 1) return;
        this.count('reconcileInTheMiddle');
        this.reconcileStarted = true;
        void this.startReconcile(command.minutes);
        return settle();
      case 'readDays':
        this.startReader(tags[command.tag] ?? '');
        return settle();
    }
  }

  private poll(lane: Lane, size: number): void {
    if (lane.bisectedTo < Math.min(size, lane.queue.length)) this.count('bisected');
    this.invoke(lane.queue.slice(0, Math.min(size, lane.bisectedTo)), lane);
  }

  private invoke(batch: Entry[], lane: Lane | undefined): void {
    const invocation: Invocation = { name: 'processor', batch, lane };
    this.invocations.add(invocation);
    if (lane) {
      lane.reader = invocation;
      this.delivered.push({ batch, timeMs: this.schedule.nowMs });
    }
    this.count('invocations');
    const store = new this.subject.TotalsStore(this.schedule.client(invocation, this.tables), tableNames);
    const untilMs = this.schedule.nowMs + this.setup.timeoutSeconds * 1_000;
    void this.subject
      .applyBatch(
        batch.map(({ record }) => record),
        store,
        {
          clock: this.schedule.clock(invocation),
          random: () => 0.5,
          remainingMs: () => untilMs - this.schedule.nowMs,
          report: () => undefined,
        },
      )
      .then(
        (answer) => {
          this.answer(invocation, answer);
        },
        () => {
          this.count('failedInvocations');
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
    if (identifiers.size > 0) this.count('partialAnswers');
    lane.bisectedTo = Infinity;
    const done = identifiers.size === 0 ? batch.length : Math.max(0, firstFailed);
    const doneEntries = new Set(batch.slice(0, done));
    lane.queue = lane.queue.filter((entry) => !doneEntries.has(entry));
  }

  private bisect(caller: Caller): void {
    for (const { lane, batch } of [...this.invocations].filter((invocation) => invocation === caller))
      if (lane) lane.bisectedTo = Math.max(1, Math.floor(batch.length / 2));
  }

  private free(caller: Caller): void {
    for (const invocation of this.invocations) {
      if (invocation !== caller) continue;
      if (invocation.lane) invocation.lane.reader = undefined;
      this.invocations.delete(invocation);
    }
    this.reconciles.delete(caller);
  }

  private async startReconcile(minutes: number): Promise<ReconcileReport | undefined> {
    const caller: Caller = { name: 'reconcile' };
    this.reconciles.add(caller);
    const store = new this.subject.ReconcileStore(this.schedule.client(caller, this.tables), tableNames);
    const untilMs = this.schedule.nowMs + minutes * 60_000;
    try {
      return await this.subject.reconcile(store, {
        clock: this.schedule.clock(caller),
        random: () => (this.marks += 1),
        remainingMs: () => untilMs - this.schedule.nowMs,
        report: () => undefined,
      });
    } catch {
      this.count('failedReconciles');
      return undefined;
    } finally {
      this.free(caller);
    }
  }

  /** Reads days while they move: what comes of it must have been true at some moment of the reading. */
  private startReader(tag: string): void {
    const caller: Caller = { name: 'reader' };
    const store = new this.subject.TotalsStore(this.schedule.client(caller, this.tables), tableNames);
    const first = this.reference.daysOf(tag);
    const possible = [first];
    this.reference.watch(tag, (days) => possible.push(days));
    void store.readDays(tag, '2025-12-30', '2026-03-30').then(
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

  private pickInvocation(index: number): Invocation | undefined {
    const all = [...this.invocations];
    return all[index % all.length];
  }

  private pickCaller(index: number): Caller | undefined {
    const all = [...this.invocations, ...this.reconciles];
    return all[index % all.length];
  }

  private observe({ table, key, before, after }: Change): void {
    const tag = key.ID?.S ?? '';
    if (this.loading) return;
    if (table === tableNames.counts) {
      if (tag === 'COUNTER' && this.setup.filtered) return;
      const isCounter = tag === 'COUNTER';
      this.count('records');
      const entry = this.stream.append(
        { tag, before, after },
        this.schedule.nowMs + this.skewMs,
        this.stripped && !isCounter,
      );
      if (!isCounter) this.reference.write(entry);
    }
    if (table !== tableNames.totals) return;
    for (const invocation of this.invocations)
      if (invocation === this.schedule.current) this.reference.apply(tag, invocation.batch);
  }
}
