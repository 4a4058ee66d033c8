import fc from 'fast-check';
import { faults, type Fault } from './schedule';

/** The state in which a history begins. */
export interface Setup {
  /** Empty tables, counts without a total, or a workshop's stack whose total may be wrong. */
  origin: 'fresh' | 'counted' | 'workshop';
  counts: number[];
  workshopTotal: number;
  /** Whether the workshop's stack has visits of the tag `COUNTER`. */
  counterVisited: boolean;
  /** The history begins this many seconds before midnight UTC. */
  secondsToMidnight: number;
  firstSequence: bigint;
  parallelization: number;
  /** Whether the mapping's filter drops the records of the total. */
  filtered: boolean;
  /** A scan returns this many items per page. DynamoDB ends a page after 1 MB. */
  scanPageItems: number;
  /** The processor's timeout. */
  timeoutSeconds: number;
  /** For each eventually consistent read in turn, whether it returns an old version. Repeats from the start. */
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
  | { do: 'duplicate'; invocation: number }
  | { do: 'redeliver'; batch: number }
  | { do: 'kill'; caller: number; made: boolean }
  | { do: 'timeOut'; invocation: number }
  | { do: 'expire'; lane: number }
  | { do: 'deadLetter'; lane: number }
  | { do: 'wait'; minutes: number }
  | { do: 'split'; shard: number }
  | { do: 'recreateStream' }
  | { do: 'reconcile'; minutes: number }
  | { do: 'readDays'; tag: number };

/** The name of every command. */
const named: Record<Command['do'], true> = {
  ...{ visit: true, crowd: true, delete: true, set: true, setForeign: true, foreign: true, poll: true },
  ...{ run: true, advance: true, duplicate: true, redeliver: true, kill: true, timeOut: true, expire: true },
  ...{ deadLetter: true, wait: true, split: true, recreateStream: true, reconcile: true, readDays: true },
};
export const commandNames = Object.keys(named);

export interface History {
  setup: Setup;
  commands: Command[];
}

/** Tags in the workshop's percent-encoded spelling, and a page's path. */
export const tags = ['a', 'hello%20world', 'caf%C3%A9', '100%25', 'docs/b'];

/** A batch of these tags fits one transaction, but needs two when the day changes. */
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

/** The frequency of each command in a history, and the range of its parameters. */
interface Mix {
  weights: Partial<Record<Command['do'], number>>;
  tags: number;
  skews: number[];
  maxSteps: number;
  /** The number of faulty calls out of ten. */
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
    duplicate: fc.record({ do: fc.constant('duplicate'), invocation: small }),
    redeliver: fc.record({ do: fc.constant('redeliver'), batch: fc.nat(40) }),
    kill: fc.record({ do: fc.constant('kill'), caller: small, made: fc.boolean() }),
    timeOut: fc.record({ do: fc.constant('timeOut'), invocation: small }),
    expire: fc.record({ do: fc.constant('expire'), lane: small }),
    deadLetter: fc.record({ do: fc.constant('deadLetter'), lane: small }),
    wait: fc.record({ do: fc.constant('wait'), minutes: fc.constantFrom(1, 11, 1_440, 1_440, 1_500) }),
    split: fc.record({ do: fc.constant('split'), shard: small }),
    recreateStream: fc.constant({ do: 'recreateStream' }),
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

/** All commands. */
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
      duplicate: 2,
      redeliver: 3,
      kill: 2,
    },
    ...{
      timeOut: 2,
      expire: 1,
      deadLetter: 1,
      wait: 3,
      split: 1,
      recreateStream: 1,
      reconcile: 2,
      readDays: 2,
    },
  },
  tags: tags.length,
  skews: [0, 0, 0, 0, -100, 100],
  maxSteps: 8,
  faultyCalls: 3,
  maxCommands: 60,
});

/** Lost records and repeated runs of reconcile, while a few tags are visited, deleted and recreated. */
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
    ...{ redeliver: 2 },
  },
  tags: 2,
  skews: [0],
  maxSteps: 30,
  faultyCalls: 0,
  maxCommands: 60,
});

/** One tag whose deletion is lost from the stream, while reconcile asks for a new record. */
const gone = mixCommands({
  weights: { visit: 12, delete: 8, set: 2, poll: 8, advance: 30, expire: 6, reconcile: 8, duplicate: 1 },
  tags: 1,
  skews: [0],
  maxSteps: 12,
  faultyCalls: 0,
  maxCommands: 60,
});

/** Overlapping invocations: they time out but keep running, and their records return in other batches. */
const overlap = mixCommands({
  weights: {
    visit: 4,
    set: 5,
    delete: 3,
    poll: 12,
    run: 6,
    advance: 6,
    timeOut: 6,
    redeliver: 4,
    duplicate: 2,
    kill: 3,
    wait: 3,
  },
  tags: 2,
  skews: [0],
  maxSteps: 3,
  faultyCalls: 4,
  maxCommands: 50,
});

/** Days that change, also backwards, for a few tags that rise and fall, with partial and repeated batches. */
const midnight = mixCommands({
  weights: {
    visit: 8,
    delete: 3,
    set: 3,
    poll: 8,
    run: 10,
    kill: 2,
    redeliver: 4,
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

/** Histories of up to sixty commands. An undisturbed drain and reconcile follow each one. */
export const histories: fc.Arbitrary<History> = fc.record({
  setup,
  commands: fc.oneof(anything, repair, gone, overlap, midnight),
});
