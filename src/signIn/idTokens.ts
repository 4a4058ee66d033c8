import { JwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError, JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { fetchKeys } from '../aws/cognito';

/** Who an id token speaks of. */
export interface Account {
  /** Cognito's `sub`, which stays when the address changes. */
  userId: string;
  email: string;
  name?: string;
  groups: string[];
}

/** The token is not one of this pool's and client's id tokens. */
export class IdTokenRefusedError extends Error {
  constructor(
    readonly hasExpired: boolean,
    cause: unknown,
  ) {
    super('The id token does not hold.', { cause });
  }
}

/** Believes id tokens of one user pool for one client. Its keys are fetched once, and again for a key it has not seen. */
export class IdTokens {
  private readonly verifier;

  /** @param issuer the pool's address, as it stands in tokens */
  constructor(issuer: string, clientId: string) {
    // CognitoJwtVerifier takes no pool but one in the cloud; this takes any issuer, so `npm start` has the same checks.
    this.verifier = JwtVerifier.create(
      { issuer, audience: clientId, jwksUri: `${issuer}/.well-known/jwks.json` },
      { jwksCache: new SimpleJwksCache({ fetcher: { fetch: fetchKeys } }) },
    );
  }

  /**
   * Verifies signature, issuer, audience, expiry and use.
   * @throws IdTokenRefusedError, CognitoUnavailableError
   */
  async read(token: string): Promise<Account> {
    let claims;
    try {
      claims = await this.verifier.verify(token);
    } catch (error) {
      if (!(error instanceof JwtBaseError)) throw error;
      throw new IdTokenRefusedError(error instanceof JwtExpiredError, error);
    }
    const { sub, email, name, token_use: use, exp, 'cognito:groups': groups = [] } = claims;
    if (use !== 'id' || exp === undefined || typeof sub !== 'string') {
      throw new IdTokenRefusedError(false, 'It is no id token, or has no end or no subject.');
    }
    return {
      userId: sub,
      email: typeof email === 'string' ? email : '',
      ...(typeof name === 'string' ? { name } : {}),
      groups: Array.isArray(groups) ? groups.map(String) : [],
    };
  }
}
