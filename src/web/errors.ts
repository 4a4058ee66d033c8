import { FootfallError, type ErrorKind } from '../errors/footfallError';

/** The answer to an error, as the caller sees it. */
export interface Refusal {
  status: number;
  message: string;
  retryAfterSeconds?: number;
}

const statuses: Record<ErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  conflict: 409,
  tooLarge: 413,
  unsupportedMediaType: 415,
  tooMany: 429,
  unavailable: 503,
};

/** Describes anything that was thrown. The message of an error that is not a FootfallError stays in the log. */
export function describeError(error: unknown): Refusal {
  if (!(error instanceof FootfallError)) return { status: 500, message: 'Something went wrong on our side.' };
  const { kind, message, retryAfterSeconds } = error;
  const refusal = { status: statuses[kind], message };
  return retryAfterSeconds === undefined ? refusal : { ...refusal, retryAfterSeconds };
}

/** The header `Retry-After`, if the delay is known. */
export function retryHeaders({ retryAfterSeconds }: Refusal): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
