/** The longest tag, in bytes of UTF-8. A DynamoDB key takes 2,048; a page's path needs far less. */
export const maxTagBytes = 512;

/** The key of the grand total's item, which therefore cannot be a tag. */
export const counterId = 'COUNTER';

/** What was sent as a tag is none. The message is one sentence for the sender. */
export class InvalidTagError extends Error {}

/** The owner's list of allowed prefixes leaves this tag out. */
export class TagNotAllowedError extends Error {}

/**
 * Takes what stood in a URL, percent-decoded, for a tag.
 * @throws InvalidTagError
 */
export function parseTag(text: string): string {
  if (text === '') throw new InvalidTagError('The tag is empty.');
  if (Buffer.byteLength(text) > maxTagBytes) {
    throw new InvalidTagError(`The tag is longer than ${maxTagBytes} bytes of UTF-8.`);
  }
  // Unicode's category Cc: C0, DEL and C1. They are invisible in a page and break logs and headers.
  if (/\p{Cc}/u.test(text)) throw new InvalidTagError('The tag contains a control character.');
  // A lone surrogate is no character; stored as UTF-8 it would turn into another tag.
  if (!text.isWellFormed()) throw new InvalidTagError('The tag is not well-formed Unicode.');
  // Addresses drop these two, percent-encoded too, so nobody could look at their counts.
  if (text === '.' || text === '..') throw new InvalidTagError('The tag is nothing but dots.');
  if (text === counterId) throw new InvalidTagError(`The tag ${counterId} is reserved for the total.`);
  return text;
}

/**
 * @param prefixes the tags that may be counted begin with one of these; an empty list, or `*`, allows any
 * @throws TagNotAllowedError
 */
export function assertTagAllowed(tag: string, prefixes: string[]): void {
  if (prefixes.length === 0 || prefixes.includes('*')) return;
  if (!prefixes.some((prefix) => tag.startsWith(prefix))) {
    throw new TagNotAllowedError('This tag is not among those that are counted here.');
  }
}
