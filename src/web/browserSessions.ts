import type { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Settings } from '../aws/environment';
import { formatCookie, readCookie } from '../http/cookies';
import type { Request } from '../http/request';
import type { Viewer } from '../pages/viewer';
import { IdTokenRefusedError, IdTokens, type Account } from '../signIn/idTokens';
import { createCsrfToken, parseSecretId } from '../signIn/secretIds';
import { SignInSessions, signInSessionSeconds, type SignInSession } from '../signIn/signInSessions';
import { UserPool, type Tokens } from '../signIn/userPool';

/** The cookie's name without its prefix. */
export const signInCookie = 'footfall-signin';

/** The cookie of a sign-in that waits for a new password, without its prefix. */
export const passwordChangeCookie = 'footfall-password-change';

/** The person whose browser is signed in. */
export interface SignedIn extends Viewer {
  /** Cognito's `sub`. */
  userId: string;
}

/** Finds the account that a browser's cookie belongs to. */
export class BrowserSessions {
  constructor(
    private readonly sessions: SignInSessions,
    private readonly userPool: UserPool,
    private readonly idTokens: IdTokens,
  ) {}

  /**
   * Finds the account of a request's session. It verifies the id token each time, and refreshes an expired one.
   * @throws TableUnavailableError, CognitoUnavailableError
   */
  async find(request: Request, nowMs: number): Promise<SignedIn | undefined> {
    const id = readId(request);
    const session = id === undefined ? undefined : await this.sessions.find(id, nowMs);
    if (id === undefined || !session) return undefined;
    const account = await this.readAccount(id, session);
    const { startedAt, expires } = session;
    return account && { ...account, csrfToken: createCsrfToken(id), startedAt, expires };
  }

  /** Derives the CSRF token from the browser's cookie, without a call to the table or Cognito. */
  csrfToken(request: Request): string | undefined {
    const id = readId(request);
    return id === undefined ? undefined : createCsrfToken(id);
  }

  /** Verifies fresh tokens. @throws IdTokenRefusedError, CognitoUnavailableError */
  async verify({ idToken }: Tokens): Promise<void> {
    await this.idTokens.read(idToken);
  }

  /**
   * Signs a browser in under a new id, and ends the session that it had before.
   * @returns the `Set-Cookie`
   * @throws IdTokenRefusedError, TableUnavailableError, CognitoUnavailableError
   */
  async signIn(request: Request, tokens: Tokens, nowMs: number): Promise<string> {
    await this.verify(tokens);
    const id = await this.sessions.begin(tokens, nowMs);
    await this.endSession(request);
    return formatCookie(request, signInCookie, id, signInSessionSeconds);
  }

  /** Ends the browser's session, here and at Cognito. @returns the `Set-Cookie` @throws TableUnavailableError */
  async signOut(request: Request): Promise<string> {
    await this.endSession(request);
    return formatCookie(request, signInCookie, '', 0);
  }

  private async readAccount(
    id: string,
    { idToken, refreshToken }: SignInSession,
  ): Promise<Account | undefined> {
    try {
      return await this.idTokens.read(idToken);
    } catch (error) {
      if (!(error instanceof IdTokenRefusedError)) throw error;
      if (!error.hasExpired) {
        console.warn('The id token of a session is not valid.', error);
        return undefined;
      }
    }
    const fresh = await this.userPool.refresh(refreshToken);
    if (fresh === undefined) {
      await this.sessions.end(id);
      return undefined;
    }
    const account = await this.idTokens.read(fresh);
    return (await this.sessions.replaceIdToken(id, fresh)) ? account : undefined;
  }

  private async endSession(request: Request): Promise<void> {
    const id = readId(request);
    const refreshToken = id === undefined ? undefined : await this.sessions.end(id);
    if (refreshToken === undefined) return;
    try {
      await this.userPool.revoke(refreshToken);
    } catch (error) {
      // The session has ended all the same, and the token never left the server.
      console.error('The refresh token of an ended session could not be revoked.', error);
    }
  }
}

/** The settings that `openBrowserSessions` needs. */
export const sessionSettings = ['sessionsTable', 'userPoolIssuer', 'userPoolClientId'] as const;

export function openBrowserSessions(
  dynamoDB: DynamoDBClient,
  cognito: CognitoIdentityProviderClient,
  settings: Pick<Settings, (typeof sessionSettings)[number]>,
): BrowserSessions {
  return new BrowserSessions(
    new SignInSessions(dynamoDB, settings.sessionsTable),
    new UserPool(cognito, settings.userPoolClientId),
    new IdTokens(settings.userPoolIssuer, settings.userPoolClientId),
  );
}

/**
 * Returns the browser's cookies for display, without the values of the sign-in cookies, which open an account. It matches
 * names by their ending, because a cookie of another address of this machine has another prefix.
 */
export function hideSignInCookies({ cookies }: Request): string[] {
  return cookies.map((pair) => {
    const [name = ''] = pair.split('=', 1);
    const isSecret = [signInCookie, passwordChangeCookie].some((stem) => name.trim().endsWith(stem));
    return isSecret ? `${name}=(not shown)` : pair;
  });
}

function readId(request: Request): string | undefined {
  return parseSecretId('s', readCookie(request, signInCookie));
}
