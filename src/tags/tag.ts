import { FootfallError, InvalidRequestError } from '../errors/footfallError';
import { counterId } from '../tables/keys';

declare const tagBrand: unique symbol;

/** The name under which visits are counted. */
export type Tag = string & { readonly [tagBrand]: true };

/** The longest tag, in bytes of UTF-8. A DynamoDB key may have 2,048 bytes; a page's path needs far less. */
export const maxTagBytes = 512;

export class InvalidTagError extends InvalidRequestError {}

/** The tag matches no prefix of the stack's parameter `AllowedTags`. */
export class TagNotAllowedError extends FootfallError {
  readonly kind = 'forbidden';
}

/**
 * Parses a percent-decoded part of a URL.
 * @throws InvalidTagError
 */
export function parseTag(text: string): Tag {
  if (text === '') throw new InvalidTagError('The tag is empty.');
  if (Buffer.byteLength(text) > maxTagBytes) {
    throw new InvalidTagError(`The tag is longer than ${maxTagBytes} bytes of UTF-8.`);
  }
  // Unicode's category Cc: C0, DEL and C1. They are invisible in a page and break logs and headers.
  if (/\p{Cc}/u.test(text)) throw new InvalidTagError('The tag contains a control character.');
  // UTF-8 has no lone surrogates: a stored one would come back as another tag.
  if (!text.isWellFormed()) throw new InvalidTagError('The tag is not well-formed Unicode.');
  // Browsers remove both from a path, even percent-encoded, so their counts could not be looked up.
  if (text === '.' || text === '..') throw new InvalidTagError('The tag consists of dots only.');
  if (text === counterId) throw new InvalidTagError(`The tag ${counterId} is reserved for the total.`);
  return text as Tag;
}

/**
 * @param prefixes a tag that may be counted begins with one of them; an empty list or `*` allows every tag
 * @throws TagNotAllowedError
 */
export function assertTagAllowed(tag: Tag, prefixes: readonly string[]): void {
  if (prefixes.length === 0 || prefixes.includes('*')) return;
  if (!prefixes.some((prefix) => tag.startsWith(prefix))) {
    throw new TagNotAllowedError('This tag matches no prefix in AllowedTags.');
  }
}
