import { createHash, createHmac, randomBytes } from 'node:crypto';
import { sessionKeys, type SessionKey } from '../tables/keys';

/** `s` for a sign-in session, `p` for a password change. An id is this letter and 256 random bits. */
export type SecretKind = 's' | 'p';

/** The table holds only hashes of ids, so a reader of the table cannot use a session. */
const keys: Record<SecretKind, (idHash: string) => SessionKey> = {
  s: sessionKeys.signIn,
  p: sessionKeys.passwordChange,
};

export function createSecretId(kind: SecretKind): string {
  return `${kind}-${randomBytes(32).toString('base64url')}`;
}

/** Parses a cookie. @returns undefined unless it has the form of an id of this kind */
export function parseSecretId(kind: SecretKind, text: string | undefined): string | undefined {
  return text?.startsWith(`${kind}-`) && /^.-[\w-]{43}$/.test(text) ? text : undefined;
}

/** The key of the id's item in SessionsTable. */
export function secretKey(kind: SecretKind, id: string): SessionKey {
  return keys[kind](hashText(id));
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Derives the CSRF token of a session: only the session's own pages contain it, and it does not reveal the id. */
export function createCsrfToken(id: string): string {
  return createHmac('sha256', id).update('footfall form').digest('base64url');
}
