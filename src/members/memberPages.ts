import { createHash } from 'node:crypto';
import { isUserId } from './membersTable';

/** How many members a page holds when nobody says, and at most. */
export const defaultPageSize = 50;
export const maxPageSize = 100;

/** The page that is asked for is none. The message is one sentence for the caller. */
export class InvalidPageError extends Error {}

/** @throws InvalidPageError */
export function parsePageSize(text: string | undefined): number {
  if (text === undefined) return defaultPageSize;
  const size = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= maxPageSize) return size;
  throw new InvalidPageError(`The limit has to be a whole number from 1 to ${maxPageSize}.`);
}

/** The text by which a caller asks for the page behind a member. */
export function formatPageToken(userId: string): string {
  return Buffer.from(checksum(userId) + userId).toString('base64url');
}

/**
 * The checksum is there to tell a token that was cut or mistyped from a place that nobody gave out. It is no
 * signature: whoever makes one up begins at a place of their own in a list that they may read whole.
 * @returns the id behind which the page begins
 * @throws InvalidPageError
 */
export function parsePageToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined;
  const userId = Buffer.from(token, 'base64url').toString().slice(checksumCharacters);
  if (isUserId(userId) && formatPageToken(userId) === token) return userId;
  throw new InvalidPageError('The page token is none that was given out.');
}

const checksumCharacters = 8;

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, checksumCharacters);
}
