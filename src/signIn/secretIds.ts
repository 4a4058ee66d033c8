import { createHash, createHmac, randomBytes } from 'node:crypto';

/**
 * Ids that open something, so nobody but their browser may know them: 256 random bits behind a letter that says what
 * they are for. What a table keeps of one is its hash, of which nobody finds the id.
 */
export type SecretKind = 's' | 'p';

/** The key spaces of the sessions' table. Ids of visitors, `v-…`, stand in it as they are and are none of these. */
const keySpaces: Record<SecretKind, string> = { s: 'sign-in', p: 'password-change' };

export function createSecretId(kind: SecretKind): string {
  return `${kind}-${randomBytes(32).toString('base64url')}`;
}

/** What a cookie says, if it can be an id of that kind at all. */
export function parseSecretId(kind: SecretKind, text: string | undefined): string | undefined {
  return text?.startsWith(`${kind}-`) && /^.-[\w-]{43}$/.test(text) ? text : undefined;
}

/** The key under which the table has it. */
export function secretKey(kind: SecretKind, id: string): string {
  return `${keySpaces[kind]}#${hashText(id)}`;
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A token that only pages made for this session can hold, and that does not give the id away. */
export function createCsrfToken(id: string): string {
  return createHmac('sha256', id).update('footfall form').digest('base64url');
}
