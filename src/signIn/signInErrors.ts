import { FootfallError } from '../errors/footfallError';

/** One message for all causes, so that nobody learns which addresses have an account. */
export class WrongCredentialsError extends FootfallError {
  readonly kind = 'unauthenticated';

  constructor() {
    super('The email address or the password is wrong, or the password has expired.');
  }
}

/** Cognito requires a step of the sign-in that Footfall has no form for. */
export class UnsupportedChallengeError extends FootfallError {
  readonly kind = 'forbidden';
}

/** The new password does not meet the policy; the message has the reason. */
export class NewPasswordRefusedError extends FootfallError {
  readonly kind = 'invalid';
}

/** The time to choose a new password is over, or it has been set already. */
export class PasswordChangeEndedError extends FootfallError {
  readonly kind = 'invalid';

  constructor() {
    super('The time to choose a new password is over. Sign in with the temporary password again.');
  }
}

/** An account or a network address made more attempts than a person would. */
export class TooManyAttemptsError extends FootfallError {
  readonly kind = 'tooMany';

  constructor(override readonly retryAfterSeconds: number) {
    super(`Too many attempts. Try again in ${Math.ceil(retryAfterSeconds / 60)} minutes.`);
  }
}
