import type { PasswordChanges } from './passwordChanges';
import type { SignInAttempts } from './signInAttempts';
import { PasswordChangeEndedError } from './signInErrors';
import type { NewPasswordWanted, Tokens, UserPool } from './userPool';

/** The way in: attempts are counted before Cognito is asked, for its own quota is one for the whole AWS account. */
export class SignIn {
  constructor(
    private readonly userPool: UserPool,
    private readonly attempts: SignInAttempts,
    private readonly passwordChanges: PasswordChanges,
  ) {}

  /**
   * Tries a password.
   * @param address the caller's network address
   * @throws WrongCredentialsError, TooManyAttemptsError, ChallengeNotServedError, TableUnavailableError,
   * CognitoUnavailableError
   */
  async tryPassword(
    { email, password, address }: { email: string; password: string; address: string },
    nowMs: number,
  ): Promise<Tokens | NewPasswordWanted> {
    const attempt = await this.attempts.begin(email, address, nowMs);
    const outcome = await this.userPool.signIn(email, password);
    await this.attempts.takeBack(attempt);
    return outcome;
  }

  /** Has the browser come back with a new password. @returns the id by which it does @throws TableUnavailableError */
  waitForPassword(wanted: NewPasswordWanted, nowMs: number): Promise<string> {
    return this.passwordChanges.begin(wanted, nowMs);
  }

  /**
   * Sets the new password that was waited for, which signs in.
   * @throws NewPasswordRefusedError, PasswordChangeEndedError, ChallengeNotServedError, TableUnavailableError,
   * CognitoUnavailableError
   */
  async setPassword(id: string | undefined, password: string, nowMs: number): Promise<Tokens> {
    if (id === undefined) throw new PasswordChangeEndedError();
    const wanted = await this.passwordChanges.find(id, nowMs);
    const tokens = await this.userPool.setNewPassword(wanted, password);
    await this.passwordChanges.end(id);
    return tokens;
  }
}
