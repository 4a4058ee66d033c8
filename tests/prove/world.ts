import { MemoryTables, type Change } from '../support/memoryTables';
import { Consumers } from './consumers';
import { commandNames, crowd, tags, type Command, type History, type Setup } from './history';
import { Reference } from './reference';
import { faults, Schedule, settle } from './schedule';
import { SimulatedStream } from './stream';
import type { Subject } from './subject';
import { tableNames } from './tables';
import { Visitors } from './visitors';
import { BrokenInvariantError, Witness } from './witness';

const foreignRecords = [
  {},
  null,
  'text',
  { eventName: 'INSERT', dynamodb: {} },
  { dynamodb: { Keys: { id: { N: '1' } } } },
];

/** The number of times that each event occurred over all histories. */
export type Tally = Map<string, number>;

/** The events that must occur in a long run. A fault that never occurs proves nothing. */
const requiredEvents = [
  ...commandNames.map((name) => `do ${name}`),
  ...faults,
  ...[1, 2, 10].map((lanes) => `parallelization ${lanes}`),
  ...[
    'adopted',
    'redeliveredAfterADay',
    'redeliveredAfterTenMinutes',
    'redeliveredSoon',
    'bisected',
    'deadLettered',
  ],
  ...['expiredUnread', 'failedReconciles', 'foreign', 'invocations', 'killedAfterWrite', 'killedBeforeWrite'],
  ...['partialAnswers', 'reconcileInTheMiddle', 'records', 'split', 'staleReads', 'streamRecreated'],
  ...[
    'stuckAndReported',
    'timedOutAndStillRunning',
    'totalDaysBooked',
    'duplicated',
    'visitedForeign',
    'withoutImages',
  ],
];

/** The required events that never occurred. */
export function missingFrom(tally: Tally): string[] {
  return requiredEvents.filter((event) => !tally.has(event));
}

/** The longest lag of an eventually consistent read. */
const lagMs = 1_000;

/** One history: the tables, their stream, its consumers, and the faults. */
export class World {
  readonly tables: MemoryTables;
  readonly schedule: Schedule;
  readonly stream: SimulatedStream;
  readonly reference = new Reference();
  readonly witness = new Witness();
  private readonly visitors: Visitors;
  private readonly consumers = new Consumers(this);
  private reconcileStarted = false;
  private skewMs = 0;
  private stripped = false;
  private loading = true;
  private eventualReads = 0;
  /** Tags with a malformed Count that was not repaired yet. */
  private readonly foreign = new Set<string>();

  constructor(
    readonly subject: Subject,
    readonly setup: Setup,
    private readonly tally: Tally,
  ) {
    const startMs = Date.UTC(2026, 0, 2) - setup.secondsToMidnight * 1_000;
    this.schedule = new Schedule(startMs - lagMs, (fault) => {
      this.count(fault);
    });
    this.stream = new SimulatedStream(setup.firstSequence, setup.parallelization);
    this.tables = new MemoryTables(
      () => this.schedule.nowMs,
      (change) => {
        this.observe(change);
      },
      setup.scanPageItems,
      { ms: lagMs, strikes: () => this.isStale() },
    );
    this.visitors = new Visitors(this.tables, this.reference);
    this.visitors.loadOrigin(setup);
    this.loading = false;
    this.schedule.nowMs = startMs;
  }

  count(event: string, by = 1): void {
    this.tally.set(event, (this.tally.get(event) ?? 0) + by);
  }

  async play(history: History): Promise<void> {
    this.count(`parallelization ${history.setup.parallelization}`);
    for (const command of history.commands) {
      this.count(`do ${command.do}`);
      await this.do(command);
    }
    for (const tag of this.foreign) this.visitors.setCount(tag, 1);
  }

  /** Runs all consumers to their end without faults. @throws BrokenInvariantError if they do not end */
  async drain(): Promise<void> {
    for (let steps = 0; this.schedule.size > 0 || this.stream.readableLanes().length > 0; steps += 1) {
      if (steps > 5_000) throw new BrokenInvariantError('The stream does not drain.');
      for (const lane of this.stream.readableLanes()) this.consumers.poll(lane, 100);
      await settle();
      if (this.schedule.size > 0) await this.schedule.step(0);
    }
    const failure = this.consumers.failure ?? this.witness.failure;
    if (failure) throw failure;
  }

  /** Runs reconcile until it has scanned both tables completely and left no difference. */
  async reconcileToTheEnd(): Promise<void> {
    // A run that continues an earlier scan misses losses in the part that was already scanned, so it takes two.
    this.schedule.nowMs += lagMs;
    let scans = this.reconcileStarted ? 2 : 1;
    for (let runs = 0; runs < 5; runs += 1) {
      const outcome = this.consumers.startReconcile(15);
      await this.drain();
      const report = await outcome;
      if (report?.finished === true && !report.rebuilding && report.differenceAfter === 0) scans -= 1;
      if (scans === 0) return;
    }
    throw new BrokenInvariantError('Reconcile does not finish.');
  }

  private async do(command: Command): Promise<void> {
    switch (command.do) {
      case 'visit':
        // A visit of a tag with a malformed Count fails.
        if (this.foreign.has(tags[command.tag] ?? '')) {
          this.count('visitedForeign');
          return;
        }
        [this.skewMs, this.stripped] = [command.skewSeconds * 1_000, command.stripped];
        for (let time = 0; time < command.times; time += 1) this.visitors.visit(tags[command.tag] ?? '');
        [this.skewMs, this.stripped] = [0, false];
        if (command.stripped) this.count('withoutImages', command.times);
        return;
      case 'crowd':
        for (const tag of crowd) this.visitors.visit(tag);
        return;
      case 'delete':
        this.foreign.delete(tags[command.tag] ?? '');
        this.visitors.remove(tags[command.tag] ?? '');
        return;
      case 'set':
        this.foreign.delete(tags[command.tag] ?? '');
        this.visitors.setCount(tags[command.tag] ?? '', command.count);
        return;
      case 'setForeign':
        this.foreign.add(tags[command.tag] ?? '');
        this.visitors.setForeign(tags[command.tag] ?? '', command.text);
        return;
      case 'foreign':
        this.count('foreign');
        this.stream.appendForeign(foreignRecords[command.kind % foreignRecords.length]);
        return;
      case 'poll': {
        const lanes = this.stream.readableLanes();
        const lane = lanes[command.lane % lanes.length];
        if (lane) this.consumers.poll(lane, command.size);
        return settle();
      }
      case 'run':
        for (const { pick, fault } of command.steps)
          if (this.schedule.size > 0) await this.schedule.step(pick, fault);
        return;
      case 'advance': {
        const caller = this.consumers.pickCaller(command.caller);
        if (caller) await this.schedule.advance(caller, command.calls);
        return;
      }
      case 'duplicate': {
        const batch = this.consumers.pickInvocation(command.invocation)?.batch;
        if (!batch) return;
        this.count('duplicated');
        this.consumers.invoke(batch, undefined);
        return settle();
      }
      case 'redeliver': {
        const old = this.consumers.delivered[command.batch % this.consumers.delivered.length];
        if (!old) return;
        const minutes = (this.schedule.nowMs - old.timeMs) / 60_000;
        this.count(
          minutes > 1_440
            ? 'redeliveredAfterADay'
            : minutes > 10
              ? 'redeliveredAfterTenMinutes'
              : 'redeliveredSoon',
        );
        this.consumers.invoke(old.batch, undefined);
        return settle();
      }
      case 'kill': {
        const caller = this.consumers.pickCaller(command.caller);
        if (!caller) return;
        this.count(command.made ? 'killedAfterWrite' : 'killedBeforeWrite');
        this.schedule.kill(caller, command.made);
        this.consumers.bisect(caller);
        this.consumers.free(caller);
        return;
      }
      case 'timeOut': {
        const invocation = this.consumers.pickInvocation(command.invocation);
        if (!invocation?.lane) return;
        this.count('timedOutAndStillRunning');
        this.consumers.bisect(invocation);
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
        if (lost.length > 0)
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
      case 'recreateStream':
        for (const invocation of this.consumers.invocations) invocation.lane = undefined;
        if (this.stream.recreate()) this.count('streamRecreated');
        return;
      case 'reconcile':
        if (this.consumers.reconciles.size > 1) return;
        this.count('reconcileInTheMiddle');
        this.reconcileStarted = true;
        void this.consumers.startReconcile(command.minutes);
        return settle();
      case 'readDays':
        this.consumers.startReader(tags[command.tag] ?? '');
        return settle();
    }
  }

  /** Whether an eventually consistent read returns an old version, as the history's setup prescribes. */
  private isStale(): boolean {
    const { stale } = this.setup;
    const isStale = stale[this.eventualReads % stale.length] === true;
    this.eventualReads += 1;
    if (isStale) this.count('staleReads');
    return isStale;
  }

  private observe({ table, key, before, after }: Change): void {
    const tag = key.ID?.S ?? '';
    const change = { table, key, before, after };
    if (this.loading) {
      this.witness.load(change);
      return;
    }
    if (this.witness.see(change, this.schedule.current)) this.count('adopted');
    if (table === tableNames.days && tag === 'COUNTER') this.count('totalDaysBooked');
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
    for (const invocation of this.consumers.invocations)
      if (invocation === this.schedule.current) this.reference.apply(tag, invocation.batch);
  }
}
