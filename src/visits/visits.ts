import { reasonNotToCount, type ReasonNotToCount } from './countable';
import type { CountsTable } from './countsTable';
import { assertTagAllowed, parseTag } from './tag';

/** What became of a call that asked for a visit to be counted. */
export interface Visit {
  tag: string;
  /** The tag's count with this visit; nothing where it was not counted. */
  count: number | undefined;
  notCounted: ReasonNotToCount | undefined;
}

/** The one way in which visits are counted, whatever a call looks like. */
export class Visits {
  constructor(
    private readonly countsTable: CountsTable,
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
    const count = notCounted ? undefined : await this.countsTable.recordVisit(tag);
    return { tag, count, notCounted };
  }
}
