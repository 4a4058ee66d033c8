import { InvalidRequestError } from '../errors/footfallError';

/** A tag of the list. The text may come from the workshop, so it is not always a valid `Tag`. */
export interface ListedTag {
  tag: string;
  count: number;
  /** The starting count, which `count` does not include. */
  start?: number;
}

/** A page of the list, the most visited tags first. */
export interface TagPage {
  tags: ListedTag[];
  /** The number of matching tags on all pages, and the sum of their counts. */
  tagsFound: number;
  visitsFound: number;
  /** The token of the next page; undefined on the last page. */
  next: string | undefined;
}

export class InvalidTagListError extends InvalidRequestError {}

/** A page begins after this tag with this count. */
type Place = Pick<ListedTag, 'tag' | 'count'>;

/**
 * Selects a page. A tag that is visited while someone pages through the list may appear on two pages; a tag whose
 * count was lowered may appear on none.
 * @param after the `next` of the previous page
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
 * Parses the number of tags on a page.
 * @throws InvalidTagListError
 */
export function parseLimit(
  text: string | undefined,
  { standard, max }: { standard: number; max: number },
): number {
  if (text === undefined || text === '') return standard;
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : NaN;
  if (!(limit >= 1 && limit <= max))
    throw new InvalidTagListError(`\`limit\` must be a whole number from 1 to ${max}.`);
  return limit;
}

/**
 * Parses the format in a link, because a browser cannot set `Accept` for a link.
 * @throws InvalidTagListError
 */
export function parseFormat(text: string | undefined): 'html' | 'json' | 'csv' | undefined {
  if (text === undefined || text === 'html' || text === 'json' || text === 'csv') return text;
  throw new InvalidTagListError('`format` must be html, json or csv.');
}

/** Sorts by count, highest first; equal counts by UTF-16 code units, which no locale changes. */
function compare(one: Place, other: Place): number {
  if (one.count !== other.count) return other.count - one.count;
  if (one.tag === other.tag) return 0;
  return one.tag < other.tag ? -1 : 1;
}

/** Formats the page token that follows a place. */
export function formatPlace({ tag, count }: Place): string {
  return Buffer.from(JSON.stringify([count, tag])).toString('base64url');
}

function parsePlace(text: string): Place {
  try {
    const [count, tag] = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown[];
    if (typeof count === 'number' && typeof tag === 'string') return { count, tag };
  } catch {
    // The error below covers text that is not JSON.
  }
  throw new InvalidTagListError('`after` is not a valid page token.');
}
