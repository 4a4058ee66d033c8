import { reasonNotToCount, type ReasonNotToCount } from './countable';
import { assertTagAllowed, parseTag } from '../tags/tag';

/** What became of a call that asked for a visit to be counted. */
export interface Visit {
  tag: string;
  /** The tag's count with this visit; nothing where it was not counted. */
  count: number | undefined;
  notCounted: ReasonNotToCount | undefined;
}

/** Counts one visit of a tag by one atomic write. @returns the tag's count, this visit included */
export interface VisitCounter {
  recordVisit(tag: string): Promise<number>;
}

/** The one way in which visits are counted, whatever a call looks like. */
export class Visits {
  constructor(
    private readonly counter: VisitCounter,
    private readonly allowedTags: string[],
  ) {}

  /**
   * Counts one visit, unless the caller is none whose visits count.
   * @param text what the caller gave for a tag
   * @param header reads a header of the call by its lower-case name
   * @throws InvalidTagError, TagNotAllowedError, TableUnavailableError
   */
  async count(text: string, header: (name: string) => string | undefined): Promise<Visit> {
    const tag = parseTag(text);
    assertTagAllowed(tag, this.allowedTags);
    const notCounted = reasonNotToCount(header);
    const count = notCounted ? undefined : await this.counter.recordVisit(tag);
    return { tag, count, notCounted };
  }
}
