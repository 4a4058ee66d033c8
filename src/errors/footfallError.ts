/** The kinds of error that a caller can see. `src/web/errors.ts` maps each kind to an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'notFound'
  | 'conflict'
  | 'tooLarge'
  | 'unsupportedMediaType'
  | 'tooMany'
  | 'unavailable';

/**
 * An error whose message the caller sees: one sentence that says what to do and contains no secret. All other errors are
 * bugs and go to the log only.
 */
export abstract class FootfallError extends Error {
  abstract readonly kind: ErrorKind;
  /** Seconds after which a repeated call may succeed; undefined where waiting does not help. */
  readonly retryAfterSeconds: number | undefined = undefined;
}

/** The request is malformed: the caller has to change it. */
export class InvalidRequestError extends FootfallError {
  readonly kind = 'invalid';
}
