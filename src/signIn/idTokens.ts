import { JwtVerifier } from 'aws-jwt-verify';
import { JwtBaseError, JwtExpiredError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { cognitoTimeouts } from '../aws/cognito';
import { CognitoUnavailableError } from '../errors/unavailableErrors';

/** The person that an id token identifies. */
export interface Account {
  /** Cognito's `sub`, which stays the same when the email address changes. */
  userId: string;
  email: string;
  name?: string;
  groups: string[];
}

/** The token is not a valid id token of this user pool and client. */
export class IdTokenRefusedError extends Error {
  constructor(
    readonly hasExpired: boolean,
    cause: unknown,
  ) {
    super('The id token is not valid.', { cause });
  }
}

/** Verifies id tokens of one user pool and client. It fetches the pool's keys once, and again for an unknown key. */
export class IdTokens {
  private readonly verifier;

  /** @param issuer the issuer in the user pool's tokens */
  constructor(issuer: string, clientId: string) {
    // CognitoJwtVerifier accepts only pools in the cloud. JwtVerifier accepts any issuer, so `npm start` runs the same checks.
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
      throw new IdTokenRefusedError(false, 'It is not an id token, or it lacks an expiry or a subject.');
    }
    return {
      userId: sub,
      email: typeof email === 'string' ? email : '',
      ...(typeof name === 'string' ? { name } : {}),
      groups: Array.isArray(groups) ? groups.map(String) : [],
    };
  }
}

/** Fetches the keys that the user pool signs tokens with. @throws CognitoUnavailableError */
async function fetchKeys(address: string): Promise<ArrayBuffer> {
  try {
    const signal = AbortSignal.timeout(cognitoTimeouts.answerMs);
    const response = await fetch(address, { redirect: 'error', signal });
    if (response.status !== 200) throw new Error(`${address} answered ${response.status}.`);
    return await response.arrayBuffer();
  } catch (error) {
    throw new CognitoUnavailableError(error);
  }
}
