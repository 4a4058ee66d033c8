import { IdTokenRefusedError, IdTokens, type Account } from '../signIn/idTokens';
import { PasswordChanges } from '../signIn/passwordChanges';
import { createCsrfToken, parseSecretId } from '../signIn/secretIds';
import { SignIn } from '../signIn/signIn';
import { SignInAttempts } from '../signIn/signInAttempts';
import { SignInSessions, signInSessionSeconds, type SignInSession } from '../signIn/signInSessions';
import { UserPool, type Tokens } from '../signIn/userPool';
import { createCognitoClient } from '../aws/cognito';
import { createClient } from '../aws/dynamodb';
import { optionalVariable, requireVariable } from '../aws/environment';
import { formatCookie, readCookie } from '../http/cookies';
import type { Request } from '../http/request';

/** The cookie's name without its prefix. */
export const signInCookie = 'footfall-signin';

/** The cookie of a sign-in that waits for a new password. */
export const passwordChangeCookie = 'footfall-password-change';

/** Who sent a request, as the web door's pages know them. */
export interface SignedIn extends Account {
  /** For forms; `assertFormPost` asks for it. */
  csrfToken: string;
  /** In seconds since 1970. */
  startedAt: number;
  /** When the session ends if it is not used; in seconds since 1970. */
  expires: number;
}

/** The sign-in sessions of browsers: what stands between their cookies and the accounts. */
export class SignedInBrowsers {
  constructor(
    private readonly sessions: SignInSessions,
    private readonly userPool: UserPool,
    private readonly idTokens: IdTokens,
  ) {}

  /**
   * The account that a request is signed in to. Each time the token itself is asked, not what someone wrote down of it;
   * one that has run out is replaced by a fresh one, if Cognito gives one.
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

  /** The token for forms of the browser's session, if it can have one at all; asks neither the table nor Cognito. */
  csrfToken(request: Request): string | undefined {
    const id = readId(request);
    return id === undefined ? undefined : createCsrfToken(id);
  }

  /** Whether fresh tokens are what they should be. @throws IdTokenRefusedError, CognitoUnavailableError */
  async verify({ idToken }: Tokens): Promise<void> {
    await this.idTokens.read(idToken);
  }

  /**
   * Signs a browser in under a new id. A session that it had before ends.
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
        console.warn('The token of a session does not hold.', error);
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
      // The session is over all the same, and nobody outside ever had the token.
      console.error('The refresh token of a session that was ended could not be revoked.', error);
    }
  }
}

/** Those of the stack, by the variables that template.yaml gives. */
export function openSignedInBrowsers(): SignedInBrowsers {
  // sam local cannot tell the issuer; nobody can be signed in there, and pages that ask who is must work all the same.
  const issuer = optionalVariable('USER_POOL_ISSUER') ?? '';
  return new SignedInBrowsers(
    new SignInSessions(createClient(), requireVariable('SESSIONS_TABLE_NAME')),
    openUserPool(),
    new IdTokens(issuer, requireVariable('USER_POOL_CLIENT_ID')),
  );
}

export function openSignIn(): SignIn {
  const [client, tableName] = [createClient(), requireVariable('SESSIONS_TABLE_NAME')];
  return new SignIn(
    openUserPool(),
    new SignInAttempts(client, tableName),
    new PasswordChanges(client, tableName),
  );
}

function openUserPool(): UserPool {
  return new UserPool(createCognitoClient(), requireVariable('USER_POOL_CLIENT_ID'));
}

/**
 * The browser's cookies, to be shown to it. Those of sign-in open an account, so not even their owner's screen gets them:
 * whatever their prefix, as a browser may hold them from another way to reach this machine.
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
