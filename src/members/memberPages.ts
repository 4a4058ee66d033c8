import { createHash } from 'node:crypto';
import { InvalidRequestError } from '../errors/footfallError';
import { isUserId } from './membersTable';

/** The number of members on a page. */
const defaultPageSize = 50;
const maxPageSize = 100;

export class InvalidPageError extends InvalidRequestError {}

/** @throws InvalidPageError */
export function parsePageSize(text: string | undefined): number {
  if (text === undefined) return defaultPageSize;
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= maxPageSize) return size;
  throw new InvalidPageError(`\`limit\` must be a whole number from 1 to ${maxPageSize}.`);
}

/** Formats the token of the page after a member. */
export function formatPageToken(userId: string): string {
  return Buffer.from(checksum(userId) + userId).toString('base64url');
}

/**
 * Parses a page token. Its checksum detects tokens that were cut or mistyped. It is not a signature: a caller may read the
 * whole list, so a forged token gains nothing.
 * @returns the id after which the page begins
 * @throws InvalidPageError
 */
export function parsePageToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const userId = Buffer.from(token, 'base64url').toString().slice(checksumCharacters);
  if (isUserId(userId) && formatPageToken(userId) === token) return userId;
  throw new InvalidPageError('`after` is not a valid page token.');
}

const checksumCharacters = 8;

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, checksumCharacters);
}
