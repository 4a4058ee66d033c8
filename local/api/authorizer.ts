import { JwtVerifier } from 'aws-jwt-verify';
import { JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { UserPool } from '../cognito/pools';
import type { AuthorizerDefinition } from '../template/apis';
import { joinHeaders, type Incoming } from './incoming';

/** Claims as a REST API hands them on: text, each of them. */
export type Claims = Record<string, string>;

/** The request may not pass. The message is API Gateway's. */
export class UnauthorizedError extends Error {}

/** A Cognito authorizer of a REST API, for the pools that run here. */
export class CognitoAuthorizer {
  private readonly keys = new SimpleJwksCache({
    // The package's own takes https alone.
    fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() },
  });

  constructor(private readonly pools: UserPool[]) {}

  /** Whether one of the authorizer's pools runs here; where none does, nobody passes. */
  canAuthorize({ userPoolArns }: AuthorizerDefinition): boolean {
    return this.pools.some(({ arn }) => userPoolArns.includes(arn));
  }

  /**
   * Verifies signature, issuer, expiry, use and client of the request's token: an id token, or an access
   * token where the route asks for scopes.
   * https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
   * @throws UnauthorizedError
   */
  async authorize(definition: AuthorizerDefinition, incoming: Incoming): Promise<Claims> {
    const header = joinHeaders(incoming.headers)[definition.header.toLowerCase()];
    if (header === undefined) throw new UnauthorizedError('Unauthorized');
    const token = header.replace(/^Bearer /i, '');
    let claims: Record<string, unknown>;
    try {
      claims = await this.verify(definition, token);
    } catch (error) {
      throw new UnauthorizedError(
        error instanceof JwtExpiredError ? 'The incoming token has expired' : 'Unauthorized',
      );
    }
    return Object.fromEntries(
      Object.entries(claims).map(([name, value]) => [name, formatClaim(name, value)]),
    );
  }

  private async verify(
    { userPoolArns, scopes, audiencePattern }: AuthorizerDefinition,
    token: string,
  ): Promise<Record<string, unknown>> {
    const pools = this.pools.filter(({ arn }) => userPoolArns.includes(arn));
    const verifier = JwtVerifier.create(
      // An access token has no audience; its client is looked at below.
      pools.map(({ issuer }) => ({ issuer, audience: null })),
      { jwksCache: this.keys },
    );
    const payload = await verifier.verify(token);
    const { clientIds = [] } = pools.find(({ issuer }) => issuer === payload.iss) ?? {};
    const clientId = scopes.length ? payload.client_id : payload.aud;
    const granted = String(payload.scope).split(' ');
    const holds =
      payload.exp !== undefined &&
      payload.token_use === (scopes.length ? 'access' : 'id') &&
      typeof clientId === 'string' &&
      clientIds.includes(clientId) &&
      (!scopes.length || scopes.some((scope) => granted.includes(scope))) &&
      (audiencePattern === undefined || new RegExp(audiencePattern).test(clientId));
    if (!holds) throw new UnauthorizedError('Unauthorized');
    return payload;
  }
}

/** Times as API Gateway writes them, such as `Tue Nov 24 10:15:30 UTC 2026`; lists joined with commas. */
function formatClaim(name: string, value: unknown): string {
  if ((name === 'exp' || name === 'iat') && typeof value === 'number') {
    const [weekday, day, month, year, time] = new Date(value * 1_000).toUTCString().split(/,? /);
    return [weekday, month, day, time, 'UTC', year].join(' ');
  }
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
