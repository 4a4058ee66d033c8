import fc from 'fast-check';
import { faults, type Fault } from './schedule';

/** Where a history begins. */
export interface Setup {
  /** Nothing there; counts without a total; or a workshop's stack with a total that may be wrong. */
  origin: 'fresh' | 'counted' | 'workshop';
  counts: number[];
  workshopTotal: number;
  /** Whether the tag `COUNTER` was visited on the workshop's stack. */
  counterVisited: boolean;
  /** Seconds before midnight UTC at which it begins. */
  secondsToMidnight: number;
  firstSequence: bigint;
  parallelization: number;
  /** Whether the mapping's filter keeps the total's own records out. */
  filtered: boolean;
  /** A page of a scan ends after 1 MB, which is this many items here. */
  scanPageItems: number;
  /** How long the processor may take. */
  timeoutSeconds: number;
  /** Which reads that need not be consistent see an item as it was before, in turn, over and over. */
  stale: boolean[];
}

export type Command =
  | { do: 'visit'; tag: number; times: number; skewSeconds: number; stripped: boolean }
  | { do: 'crowd' }
  | { do: 'delete'; tag: number }
  | { do: 'set'; tag: number; count: number }
  | { do: 'setForeign'; tag: number; text: boolean }
  | { do: 'foreign'; kind: number }
  | { do: 'poll'; lane: number; size: number }
  | { do: 'run'; steps: { pick: number; fault: Fault | undefined }[] }
  | { do: 'advance'; caller: number; calls: number }
  | { do: 'twice'; invocation: number }
  | { do: 'again'; batch: number }
  | { do: 'kill'; caller: number; made: boolean }
  | { do: 'timeOut'; invocation: number }
  | { do: 'expire'; lane: number }
  | { do: 'deadLetter'; lane: number }
  | { do: 'wait'; minutes: number }
  | { do: 'split'; shard: number }
  | { do: 'remake' }
  | { do: 'reconcile'; minutes: number }
  | { do: 'readDays'; tag: number };

/** The name of every command. */
const named: Record<Command['do'], true> = {
  ...{ visit: true, crowd: true, delete: true, set: true, setForeign: true, foreign: true, poll: true },
  ...{ run: true, advance: true, twice: true, again: true, kill: true, timeOut: true, expire: true },
  ...{ deadLetter: true, wait: true, split: true, remake: true, reconcile: true, readDays: true },
};
export const commandNames = Object.keys(named);

export interface History {
  setup: Setup;
  commands: Command[];
}

/** Spellings as the workshop stored them, and a page's path. */
export const tags = ['a', 'hello%20world', 'caf%C3%A9', '100%25', 'docs/b'];

/** Enough for two transactions once a day turns, and not before. */
export const crowd = Array.from({ length: 55 }, (_, index) => `crowd-${index}`);

const setup: fc.Arbitrary<Setup> = fc.record({
  origin: fc.constantFrom('fresh', 'fresh', 'counted', 'workshop', 'workshop'),
  counts: fc.array(fc.nat(9), { maxLength: tags.length }),
  workshopTotal: fc.nat(40),
  counterVisited: fc.boolean(),
  secondsToMidnight: fc.constantFrom(20, 90, 40_000),
  firstSequence: fc.constantFrom(1n, 95n, 999_999_997n, 10n ** 21n - 4n),
  parallelization: fc.constantFrom(1, 1, 2, 10),
  filtered: fc.boolean(),
  scanPageItems: fc.constantFrom(1, 4, 1_000),
  timeoutSeconds: fc.constantFrom(2, 60),
  stale: fc.array(fc.boolean(), { maxLength: 4 }),
});

/** How often each command comes in a history, and what its choices are. */
interface Mix {
  weights: Partial<Record<Command['do'], number>>;
  tags: number;
  skews: number[];
  maxSteps: number;
  /** Of ten calls, how many go wrong. */
  faultyCalls: number;
  maxCommands: number;
}

const small = fc.nat(11);

function mixCommands({
  weights,
  tags: tagCount,
  skews,
  maxSteps,
  faultyCalls,
  maxCommands,
}: Mix): fc.Arbitrary<Command[]> {
  const tag = fc.nat(tagCount - 1);
  const fault = fc.oneof(
    { weight: 10 - faultyCalls, arbitrary: fc.constant(undefined) },
    { weight: faultyCalls, arbitrary: fc.constantFrom(...faults, 'conflict' as const) },
  );
  const steps = fc.array(fc.record({ pick: fc.nat(7), fault }), { minLength: 1, maxLength: maxSteps });
  const times = fc.integer({ min: 1, max: 3 });
  const stripped = fc.nat(9).map((chance) => chance === 9);
  const all: { [Name in Command['do']]: fc.Arbitrary<Extract<Command, { do: Name }>> } = {
    visit: fc.record({
      do: fc.constant('visit'),
      tag,
      times,
      skewSeconds: fc.constantFrom(...skews),
      stripped,
    }),
    crowd: fc.constant({ do: 'crowd' }),
    delete: fc.record({ do: fc.constant('delete'), tag }),
    set: fc.record({ do: fc.constant('set'), tag, count: fc.nat(6) }),
    setForeign: fc.record({ do: fc.constant('setForeign'), tag, text: fc.boolean() }),
    foreign: fc.record({ do: fc.constant('foreign'), kind: small }),
    poll: fc.record({ do: fc.constant('poll'), lane: small, size: fc.constantFrom(1, 2, 5, 100, 1_000) }),
    run: fc.record({ do: fc.constant('run'), steps }),
    advance: fc.record({
      do: fc.constant('advance'),
      caller: small,
      calls: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: maxSteps * 2 })),
    }),
    twice: fc.record({ do: fc.constant('twice'), invocation: small }),
    again: fc.record({ do: fc.constant('again'), batch: fc.nat(40) }),
    kill: fc.record({ do: fc.constant('kill'), caller: small, made: fc.boolean() }),
    timeOut: fc.record({ do: fc.constant('timeOut'), invocation: small }),
    expire: fc.record({ do: fc.constant('expire'), lane: small }),
    deadLetter: fc.record({ do: fc.constant('deadLetter'), lane: small }),
    wait: fc.record({ do: fc.constant('wait'), minutes: fc.constantFrom(1, 11, 1_440, 1_440, 1_500) }),
    split: fc.record({ do: fc.constant('split'), shard: small }),
    remake: fc.constant({ do: 'remake' }),
    reconcile: fc.record({ do: fc.constant('reconcile'), minutes: fc.constantFrom(15, 15, 0.3) }),
    readDays: fc.record({ do: fc.constant('readDays'), tag }),
  };
  const chosen = Object.entries(weights).map(([name, weight]) => ({
    weight,
    arbitrary: all[name as Command['do']],
  }));
  return fc.array(fc.oneof(...(chosen as [{ weight: number; arbitrary: fc.Arbitrary<Command> }])), {
    maxLength: maxCommands,
    size: 'max',
  });
}

/** Everything at once. */
const anything = mixCommands({
  weights: {
    ...{
      visit: 10,
      crowd: 1,
      delete: 2,
      set: 2,
      setForeign: 1,
      foreign: 1,
      poll: 12,
      run: 10,
      advance: 3,
      twice: 2,
      again: 3,
      kill: 2,
    },
    ...{ timeOut: 2, expire: 1, deadLetter: 1, wait: 3, split: 1, remake: 1, reconcile: 2, readDays: 2 },
  },
  tags: tags.length,
  skews: [0, 0, 0, 0, -100, 100],
  maxSteps: 8,
  faultyCalls: 3,
  maxCommands: 60,
});

/** Lost records, and reconcile run after run, while few tags are visited, deleted and born again. */
const repair = mixCommands({
  weights: {
    ...{
      visit: 12,
      delete: 8,
      crowd: 1,
      poll: 10,
      run: 8,
      advance: 16,
      expire: 6,
      wait: 1,
      reconcile: 10,
      kill: 2,
    },
    ...{ again: 2 },
  },
  tags: 2,
  skews: [0],
  maxSteps: 30,
  faultyCalls: 0,
  maxCommands: 60,
});

/** One tag whose deletion the stream lost, while reconcile has the table say it again. */
const gone = mixCommands({
  weights: { visit: 12, delete: 8, set: 2, poll: 8, advance: 30, expire: 6, reconcile: 8, twice: 1 },
  tags: 1,
  skews: [0],
  maxSteps: 12,
  faultyCalls: 0,
  maxCommands: 60,
});

/** Invocations that overlap: they time out and go on, and their batches come again in other parts. */
const overlap = mixCommands({
  weights: {
    visit: 4,
    set: 5,
    delete: 3,
    poll: 12,
    run: 6,
    advance: 6,
    timeOut: 6,
    again: 4,
    twice: 2,
    kill: 3,
    wait: 3,
  },
  tags: 2,
  skews: [0],
  maxSteps: 3,
  faultyCalls: 4,
  maxCommands: 50,
});

/** Days that turn, back too, under few tags that rise and fall, and batches that come in parts and again. */
const midnight = mixCommands({
  weights: {
    visit: 8,
    delete: 3,
    set: 3,
    poll: 8,
    run: 10,
    kill: 2,
    again: 4,
    timeOut: 1,
    wait: 2,
    readDays: 3,
    crowd: 1,
  },
  tags: 2,
  skews: [0, -100, 100],
  maxSteps: 6,
  faultyCalls: 2,
  maxCommands: 40,
});

/** Histories of up to some sixty commands; a drain and a reconcile that nothing disturbs come after them. */
export const histories: fc.Arbitrary<History> = fc.record({
  setup,
  commands: fc.oneof(anything, repair, gone, overlap, midnight),
});
