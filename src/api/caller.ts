import { isAdministrator } from '../members/administrators';

/** What a verified token says of who calls, as a REST API's Cognito authorizer hands it on: text, each of them. */
export type Claims = Record<string, unknown>;

/** Nobody whom we know calls. The message is API Gateway's own. */
export class NotSignedInError extends Error {
  constructor() {
    super('Unauthorized');
  }
}

/** Who calls. */
export interface Caller {
  /** The user pool's `sub`, which never changes and is given to nobody else. */
  userId: string;
  isAdmin: boolean;
}

/**
 * Who calls, by the claims of a token that the API's authorizer has verified. The authorizer takes the tokens of any
 * client of the pool, and where there is none, as under `sam local`, it has verified nothing.
 * @param clientId the only client whose tokens are taken
 * @throws NotSignedInError
 */
export function identifyCaller(claims: Claims | undefined, clientId: string): Caller {
  const { sub, aud, token_use: use, 'cognito:groups': groups } = claims ?? {};
  if (typeof sub !== 'string' || sub === '' || aud !== clientId || use !== 'id') throw new NotSignedInError();
  return { userId: sub, isAdmin: isAdministrator({ groups: parseGroups(groups) }) };
}

/** API Gateway writes a list as `admins,staff`, and in places as `[admins staff]`. No group's name has a space. */
function parseGroups(groups: unknown): string[] {
  if (typeof groups !== 'string') return [];
  const [, inner] = /^\[(.*)\]$/s.exec(groups) ?? [];
  return inner === undefined ? groups.split(',').map((name) => name.trim()) : inner.trim().split(/[\s,]+/);
}
