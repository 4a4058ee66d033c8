/** A tag of the list. */
export interface ListedTag {
  tag: string;
  count: number;
  /** What it was counted elsewhere before, which `count` leaves out. */
  start?: number;
}

/** Some tags of the list, by count, the most visited first. */
export interface TagPage {
  tags: ListedTag[];
  /** How many tags there are, and what they count, over all pages. */
  tagsFound: number;
  visitsFound: number;
  /** What to ask for to go on after these; nothing on the last page. */
  next: string | undefined;
}

/** What was asked of the list makes no sense. The message is one sentence for the caller. */
export class InvalidTagListError extends Error {}

/** Where a page begins: after this tag with this count. */
type Place = Pick<ListedTag, 'tag' | 'count'>;

/**
 * Cuts a page out of all tags. A tag that is visited between two pages may move over their border, and is then on both
 * or, were its count lowered, on neither.
 * @param after a page's `next`
 * @throws InvalidTagListError
 */
export function cutPage(
  all: readonly ListedTag[],
  wanted: { prefix: string; limit: number; after: string | undefined },
): TagPage {
  const found = all.filter(({ tag }) => tag.startsWith(wanted.prefix)).sort(compare);
  const after = wanted.after === undefined ? undefined : parsePlace(wanted.after);
  const rest = after ? found.filter((place) => compare(after, place) < 0) : found;
  const tags = rest.slice(0, wanted.limit);
  const last = tags.at(-1);
  return {
    tags,
    tagsFound: found.length,
    visitsFound: found.reduce((sum, { count }) => sum + count, 0),
    next: last && rest.length > tags.length ? formatPlace(last) : undefined,
  };
}

/**
 * Reads how many tags a page shall hold.
 * @throws InvalidTagListError
 */
export function parseLimit(
  text: string | undefined,
  { standard, max }: { standard: number; max: number },
): number {
  if (text === undefined || text === '') return standard;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(limit >= 1 && limit <= max))
    throw new InvalidTagListError(`The parameter limit is a whole number from 1 to ${max}.`);
  return limit;
}

/**
 * Reads a format that an address asks for, where a browser cannot say so in `Accept`.
 * @throws InvalidTagListError
 */
export function parseFormat(text: string | undefined): 'html' | 'json' | 'csv' | undefined {
  if (text === undefined || text === 'html' || text === 'json' || text === 'csv') return text;
  throw new InvalidTagListError('The parameter format is html, json or csv.');
}

/** By count, highest first; the same counts by tag, in the order of its code units, which is the same everywhere. */
function compare(one: Place, other: Place): number {
  if (one.count !== other.count) return other.count - one.count;
  if (one.tag === other.tag) return 0;
  return one.tag < other.tag ? -1 : 1;
}

/** Where the next page begins, as text for an address. */
export function formatPlace({ tag, count }: Place): string {
  return Buffer.from(JSON.stringify([count, tag])).toString('base64url');
}

function parsePlace(text: string): Place {
  try {
    const [count, tag] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof count === 'number' && typeof tag === 'string') return { count, tag };
  } catch {
    // As below: it was not made here.
  }
  throw new InvalidTagListError('The parameter after is none that this list gave.');
}
