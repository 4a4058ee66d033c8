import { InvalidRequestError } from '../errors/footfallError';
import { readInteger, readText, type Item } from '../tables/attributes';

/**
 * The visits that another counter counted before Footfall. `Count`, the total and the days do not include them; pages
 * show them separately.
 */
export interface StartingCount {
  visits: number;
  /** The source of the number, in the owner's words. */
  origin: string;
}

/** Far above any real counter, and small enough for exact sums. */
const maxStartingVisits = 1_000_000_000_000;
export const maxOriginCharacters = 200;

export class InvalidStartingCountError extends InvalidRequestError {}

/**
 * Parses the fields of a form.
 * @throws InvalidStartingCountError
 */
export function parseStartingCount(visits: string | undefined, origin: string | undefined): StartingCount {
  const text = visits?.trim() ?? '';
  const number = /^\d{1,13}$/.test(text) ? Number(text) : NaN;
  if (!(number >= 1 && number <= maxStartingVisits))
    throw new InvalidStartingCountError(
      `The starting count must be a whole number from 1 to ${maxStartingVisits}, in digits only.`,
    );
  const words = origin?.trim() ?? '';
  if (words === '' || words.length > maxOriginCharacters || /\p{Cc}/u.test(words) || !words.isWellFormed())
    throw new InvalidStartingCountError(
      `Say where the starting count comes from, in one line of at most ${maxOriginCharacters} characters.`,
    );
  return { visits: number, origin: words };
}

/** Reads a tag's starting count from its item in DynamoDBTable. @throws BrokenItemError */
export function readStartingCount(item: Item): StartingCount | undefined {
  if (item.Start === undefined) return undefined;
  return { visits: readInteger(item, 'Start'), origin: readText(item, 'StartOrigin') };
}
