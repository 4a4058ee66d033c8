import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * What a tag was counted elsewhere before Footfall, such as by another counter. `Count`, the total and the days leave
 * it out; pages show it beside them.
 */
export interface StartingCount {
  visits: number;
  /** Where the number comes from, in the owner's words. */
  origin: string;
}

/** Far above any counter; a sum with it is still a whole number that a double holds exactly. */
export const maxStartingVisits = 1_000_000_000_000;
export const maxOriginCharacters = 200;

/** What was sent as a starting count is none. The message is one sentence for the sender. */
export class InvalidStartingCountError extends Error {}

/**
 * Takes what a form sent.
 * @throws InvalidStartingCountError
 */
export function parseStartingCount(visits: string | undefined, origin: string | undefined): StartingCount {
  const text = visits?.trim() ?? '';
  const number = /^\d{1,13}$/.test(text) ? Number(text) : NaN;
  if (!(number >= 1 && number <= maxStartingVisits))
    throw new InvalidStartingCountError(
      `A starting count is a whole number from 1 to ${maxStartingVisits}, in digits alone.`,
    );
  const words = origin?.trim() ?? '';
  if (words === '' || words.length > maxOriginCharacters || /\p{Cc}/u.test(words) || !words.isWellFormed())
    throw new InvalidStartingCountError(
      `A starting count says where it comes from, in one line of at most ${maxOriginCharacters} characters.`,
    );
  return { visits: number, origin: words };
}

/** A tag's starting count, as its item in DynamoDBTable holds it. */
export function startIn(item: Record<string, AttributeValue>): StartingCount | undefined {
  const visits = Number(item.Start?.N ?? 0);
  return visits > 0 ? { visits, origin: item.StartOrigin?.S ?? '' } : undefined;
}
