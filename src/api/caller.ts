import { FootfallError } from '../errors/footfallError';
import type { Claims } from '../http/request';
import { isAdministrator } from '../members/administrators';
import type { Caller } from '../members/caller';

export class NotSignedInError extends FootfallError {
  readonly kind = 'unauthenticated';

  constructor() {
    // API Gateway's own message.
    super('Unauthorized');
  }
}

/**
 * Identifies the caller by the claims that the API's authorizer verified. The authorizer accepts tokens of every client of
 * the user pool, and `sam local` has no authorizer, so the claims are checked again.
 * @param clientId the only client whose tokens are accepted
 * @throws NotSignedInError
 */
export function identifyCaller(claims: Claims | undefined, clientId: string): Caller {
  const { sub, aud, token_use: use, 'cognito:groups': groups } = claims ?? {};
  if (typeof sub !== 'string' || sub === '' || aud !== clientId || use !== 'id') throw new NotSignedInError();
  return { userId: sub, isAdmin: isAdministrator({ groups: parseGroups(groups) }) };
}

/** API Gateway formats a list as `admins,staff` or `[admins staff]`. Group names contain no spaces. */
function parseGroups(groups: unknown): string[] {
  if (typeof groups !== 'string') return [];
  const [, inner] = /^\[(.*)\]$/s.exec(groups) ?? [];
  return inner === undefined ? groups.split(',').map((name) => name.trim()) : inner.trim().split(/[\s,]+/);
}
