import fc from 'fast-check';
import { checkDrained, checkReconciled } from './checks';
import { histories, type History } from './history';
import type { Subject } from './subject';
import { World, type Tally } from './world';

/** The outcome of some histories. */
export interface Verdict {
  seed: number;
  /** The number of histories played. If one failed, it is the last. */
  histories: number;
  /** The failing history, shrunk, and the reason. Undefined if all invariants held. */
  failure: { history: History | undefined; reason: string } | undefined;
}

/** Plays one history to its end. @throws BrokenInvariantError */
export async function playHistory(
  subject: Subject,
  history: History,
  tally: Tally = new Map(),
): Promise<void> {
  const world = new World(subject, history.setup, tally);
  await world.play(history);
  await world.drain();
  checkDrained(world);
  await world.reconcileToTheEnd();
  await world.drain();
  checkReconciled(world);
}

/** Plays random histories until one fails or all are played. */
export async function judge(
  subject: Subject,
  options: { seed: number; histories: number; tally?: Tally; shrink?: boolean },
): Promise<Verdict> {
  const property = fc.asyncProperty(histories, (history) => playHistory(subject, history, options.tally));
  const result = await fc.check(property, {
    seed: options.seed,
    numRuns: options.histories,
    endOnFailure: options.shrink !== true,
  });
  if (!result.failed) return { seed: options.seed, histories: result.numRuns, failure: undefined };
  const { errorInstance } = result;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return {
    seed: options.seed,
    histories: result.numRuns,
    failure: { history: result.counterexample?.[0], reason },
  };
}
