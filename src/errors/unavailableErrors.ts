import { FootfallError } from './footfallError';

/** A service that Footfall calls did not answer, failed or throttled. The cause is for the log only. */
abstract class UnavailableError extends FootfallError {
  readonly kind = 'unavailable';
  override readonly retryAfterSeconds = 5;
}

export class TableUnavailableError extends UnavailableError {
  constructor(cause: unknown) {
    super('Footfall cannot reach its table. Try again in a few seconds.', { cause });
  }
}

export class CognitoUnavailableError extends UnavailableError {
  constructor(cause: unknown) {
    super('Footfall cannot reach its user pool. Try again in a few seconds.', { cause });
  }
}
