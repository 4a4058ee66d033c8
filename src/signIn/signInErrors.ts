// Apart from the code that throws them, so that functions which never sign anyone in do not carry Cognito's client.

/** One sentence for whatever was wrong, so that nobody learns which addresses have an account. */
export class WrongCredentialsError extends Error {
  constructor() {
    super('The email address or the password is wrong, or the password has expired.');
  }
}

/** Cognito asks for something at sign-in that there is no form for. */
export class ChallengeNotServedError extends Error {}

/** The new password does not do; the message says why. */
export class NewPasswordRefusedError extends Error {}

/** The time to set a new password is over, or it has been set. */
export class PasswordChangeEndedError extends Error {
  constructor() {
    super('The time to set a new password is over. Sign in with the temporary one again.');
  }
}

/** Of one account, or from one address, there were more attempts than a person makes. */
export class TooManyAttemptsError extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super(`There were too many attempts. Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`);
  }
}
