import { assertTagAllowed, type Tag } from '../tags/tag';
import { reasonNotToCount, type ReasonNotToCount } from './countable';
import type { IncomingVisit } from './incomingVisit';

/** The result of a request to count a visit. */
export type VisitOutcome =
  | { kind: 'counted'; tag: Tag; /** With this visit. */ count: number }
  | { kind: 'notCounted'; tag: Tag; reason: ReasonNotToCount };

/** Counts one visit with one atomic write. @returns the tag's count, this visit included */
export interface VisitCounter {
  recordVisit(tag: Tag): Promise<number>;
}

/** Decides whether a visit counts, and counts it. */
export class Visits {
  constructor(
    private readonly counter: VisitCounter,
    private readonly allowedTags: readonly string[],
  ) {}

  /** @throws TagNotAllowedError, TableUnavailableError */
  async count(visit: IncomingVisit): Promise<VisitOutcome> {
    const { tag } = visit;
    assertTagAllowed(tag, this.allowedTags);
    const reason = reasonNotToCount(visit);
    if (reason) return { kind: 'notCounted', tag, reason };
    return { kind: 'counted', tag, count: await this.counter.recordVisit(tag) };
  }
}
