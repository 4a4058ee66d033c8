import { NotAdministratorError } from '../members/administrators';
import {
  ChallengeNotServedError,
  NewPasswordRefusedError,
  PasswordChangeEndedError,
  TooManyAttemptsError,
  WrongCredentialsError,
} from '../signIn/signInErrors';
import { NotSignedInError } from '../api/caller';
import { InvalidMemberError } from '../members/memberChanges';
import { InvalidPageError } from '../members/memberPages';
import { MemberNotFoundError, OwnDeletionError } from '../members/members';
import { StaleVersionError } from '../members/membersTable';
import { CognitoUnavailableError, TableUnavailableError } from '../aws/unavailable';
import { InvalidDayRangeError } from '../days/dayRange';
import { InvalidStartingCountError } from '../tags/startingCount';
import { InvalidTagError, TagNotAllowedError } from '../tags/tag';
import { InvalidOrderError, NothingToChangeError } from '../tags/tagChanges';
import { InvalidTagListError } from '../reports/tagList';
import { BodyTooLargeError, UnsupportedContentTypeError } from './fields';
import { OriginNotAllowedError } from '../http/cors';
import { CrossSiteRequestError } from './formPost';
import { BadRequestError } from '../http/request';

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
  [InvalidTagListError, 400],
  [InvalidStartingCountError, 400],
  [TagNotAllowedError, 403],
  [OriginNotAllowedError, 403],
  [CrossSiteRequestError, 403],
  [BodyTooLargeError, 413],
  [UnsupportedContentTypeError, 415],
  [NewPasswordRefusedError, 400],
  [PasswordChangeEndedError, 400],
  [WrongCredentialsError, 401],
  [ChallengeNotServedError, 403],
  [NotAdministratorError, 403],
  [InvalidOrderError, 400],
  [NothingToChangeError, 409],
  [InvalidMemberError, 400],
  [InvalidPageError, 400],
  [NotSignedInError, 401],
  [MemberNotFoundError, 404],
  [OwnDeletionError, 409],
  [StaleVersionError, 409],
];

/** How long a caller should leave alone what is away or throttled. */
const retryAfterSeconds = 5;

/** What to tell the caller of anything that was thrown. */
export function describeError(error: unknown): Refusal {
  if (error instanceof TableUnavailableError) {
    return { status: 503, message: 'Footfall cannot reach its table now.', retryAfterSeconds };
  }
  if (error instanceof CognitoUnavailableError) {
    return { status: 503, message: 'Footfall cannot reach its user pool now.', retryAfterSeconds };
  }
  if (error instanceof TooManyAttemptsError) {
    const { message, retryAfterSeconds } = error;
    return { status: 429, message, retryAfterSeconds };
  }
  for (const [errorClass, status] of statuses) {
    if (error instanceof errorClass) return { status, message: error.message };
  }
  return { status: 500, message: 'Something went wrong on our side.' };
}
