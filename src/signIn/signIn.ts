import type { PasswordChanges } from './passwordChanges';
import type { SignInAttempts } from './signInAttempts';
import { PasswordChangeEndedError } from './signInErrors';
import type { NewPasswordChallenge, SignInOutcome, Tokens, UserPool } from './userPool';

/** Signs people in. It counts attempts before it calls Cognito, whose quota the whole AWS account shares. */
export class SignIn {
  constructor(
    private readonly userPool: UserPool,
    private readonly attempts: SignInAttempts,
    private readonly passwordChanges: PasswordChanges,
  ) {}

  /**
   * Tries a password.
   * @param address the caller's network address
   * @throws WrongCredentialsError, TooManyAttemptsError, UnsupportedChallengeError, TableUnavailableError,
   * CognitoUnavailableError
   */
  async tryPassword(
    { email, password, address }: { email: string; password: string; address: string },
    nowMs: number,
  ): Promise<SignInOutcome> {
    const attempt = await this.attempts.begin(email, address, nowMs);
    const outcome = await this.userPool.signIn(email, password);
    await this.attempts.takeBack(attempt);
    return outcome;
  }

  /**
   * Stores a challenge until the browser sends a new password.
   * @returns the id of the change, for the browser's cookie only
   * @throws TableUnavailableError
   */
  waitForPassword(challenge: NewPasswordChallenge, nowMs: number): Promise<string> {
    return this.passwordChanges.begin(challenge, nowMs);
  }

  /**
   * Sets the new password, which also signs in.
   * @throws NewPasswordRefusedError, PasswordChangeEndedError, UnsupportedChallengeError, TableUnavailableError,
   * CognitoUnavailableError
   */
  async setPassword(id: string | undefined, password: string, nowMs: number): Promise<Tokens> {
    if (id === undefined) throw new PasswordChangeEndedError();
    const challenge = await this.passwordChanges.find(id, nowMs);
    const tokens = await this.userPool.setNewPassword(challenge, password);
    await this.passwordChanges.end(id);
    return tokens;
  }
}
