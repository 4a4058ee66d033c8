/** The kinds of failure that Footfall tells a caller about. `src/web/errors.ts` maps each kind to an HTTP status. */
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
 * An error whose message goes to the caller: one sentence that says what to do, without a secret. Any other error is a
 * fault of ours, which only the log describes.
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
