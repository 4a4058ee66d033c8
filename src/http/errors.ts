import { TableUnavailableError } from '../aws/unavailable';
import { InvalidDayRangeError } from '../visits/dayRange';
import { InvalidTagError, TagNotAllowedError } from '../visits/tag';
import { OriginNotAllowedError } from './cors';
import { BadRequestError } from './request';

/** What the caller is told of an error. */
export interface Refusal {
  status: number;
  message: string;
  retryAfterSeconds?: number;
}

type ErrorClass = abstract new (...parameters: never[]) => Error;

/** The only table of errors to statuses. Below 500 the error's own message is meant for the caller. */
const statuses: [ErrorClass, number][] = [
  [BadRequestError, 400],
  [InvalidTagError, 400],
  [InvalidDayRangeError, 400],
  [TagNotAllowedError, 403],
  [OriginNotAllowedError, 403],
];

/** How long a caller should leave a table alone that is away or throttled. */
const retryAfterSeconds = 5;

/** What to tell the caller of anything that was thrown. */
export function describeError(error: unknown): Refusal {
  if (error instanceof TableUnavailableError) {
    return { status: 503, message: 'Footfall cannot reach its table now.', retryAfterSeconds };
  }
  for (const [errorClass, status] of statuses) {
    if (error instanceof errorClass) return { status, message: error.message };
  }
  return { status: 500, message: 'Something went wrong on our side.' };
}
