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
}

export type Command =
  | { do: 'visit'; tag: number; times: number; skewSeconds: number; stripped: boolean }
  | { do: 'crowd' }
  | { do: 'delete'; tag: number }
  | { do: 'set'; tag: number; count: number }
  | { do: 'foreign'; kind: number }
  | { do: 'poll'; lane: number; size: number }
  | { do: 'run'; steps: { pick: number; fault: Fault | undefined }[] }
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

export interface History {
  setup: Setup;
  commands: Command[];
}

/** Spellings as the workshop stored them, and a page's path. */
export const tags = ['a', 'hello%20world', 'caf%C3%A9', '100%25', 'docs/b'];

/** Enough for two transactions once a day turns, and not before. */
export const crowd = Array.from({ length: 55 }, (_, index) => `crowd-${index}`);

const small = fc.nat(11);
const tag = fc.nat(tags.length - 1);

const setup: fc.Arbitrary<Setup> = fc.record({
  origin: fc.constantFrom('fresh', 'fresh', 'counted', 'workshop', 'workshop'),
  counts: fc.array(fc.nat(9), { maxLength: tags.length }),
  workshopTotal: fc.nat(40),
  counterVisited: fc.boolean(),
  secondsToMidnight: fc.constantFrom(20, 90, 40_000),
  firstSequence: fc.constantFrom(1n, 95n, 999_999_997n, 10n ** 21n - 4n),
  parallelization: fc.constantFrom(1, 1, 2, 10),
  filtered: fc.boolean(),
});

const step = fc.record({
  pick: fc.nat(7),
  fault: fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 2, arbitrary: fc.constantFrom(...faults) }),
});

const visit = fc.record({
  do: fc.constant('visit' as const),
  tag,
  times: fc.integer({ min: 1, max: 3 }),
  skewSeconds: fc.constantFrom(0, 0, 0, 0, -100, 100),
  stripped: fc.constantFrom(false, false, false, false, false, false, false, true),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 10, arbitrary: visit },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), tag }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('set' as const), tag, count: fc.nat(6) }) },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('poll' as const), lane: small, size: fc.constantFrom(1, 2, 5, 100, 1_000) }),
  },
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('run' as const), steps: fc.array(step, { minLength: 1, maxLength: 8 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'crowd' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('foreign' as const), kind: small }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('twice' as const), invocation: small }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('again' as const), batch: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const), caller: small, made: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('timeOut' as const), invocation: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('expire' as const), lane: small }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deadLetter' as const), lane: small }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(1, 11, 60, 1_440, 1_500) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('split' as const), shard: small }) },
  { weight: 1, arbitrary: fc.constant({ do: 'remake' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reconcile' as const), minutes: fc.constantFrom(15, 15, 0.3) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('readDays' as const), tag }) },
);

/** Histories of up to some sixty commands, followed by a drain and a reconcile that nothing disturbs. */
export const histories: fc.Arbitrary<History> = fc.record({
  setup,
  commands: fc.array(command, { maxLength: 60, size: 'max' }),
});
