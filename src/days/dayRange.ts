import { InvalidRequestError } from '../errors/footfallError';
import { addDays, dayOf, daysBetween, parseDay, type Day } from './day';

/** The longest range that one answer holds: a leap year. */
const maxRangeDays = 366;
const defaultRangeDays = 30;

export class InvalidDayRangeError extends InvalidRequestError {}

/** The first and the last day, both included. */
export interface DayRange {
  from: Day;
  to: Day;
}

/** The parameters of a range, as the caller sent them. `days` is the length. */
export interface RangeParameters {
  from?: string | undefined;
  to?: string | undefined;
  days?: string | undefined;
}

/**
 * Parses a range of days. It ends today unless `to` is given, and has 30 days unless `from` or `days` is given.
 * @throws InvalidDayError, InvalidDayRangeError
 */
export function parseDayRange({ from, to, days }: RangeParameters, nowMs: number): DayRange {
  if (from !== undefined && days !== undefined) {
    throw new InvalidDayRangeError('Give `from` or `days`, not both.');
  }
  const last = to === undefined ? dayOf(nowMs) : parseDay('to', to);
  const first = from === undefined ? addDays(last, 1 - parseLength(days)) : parseDay('from', from);
  const length = daysBetween(first, last) + 1;
  if (length < 1) {
    throw new InvalidDayRangeError(`\`from\` (${first}) must not be later than \`to\` (${last}).`);
  }
  if (length > maxRangeDays) {
    throw new InvalidDayRangeError(`The range has ${length} days; the maximum is ${maxRangeDays}.`);
  }
  return { from: first, to: last };
}

/** The days up to and including today. */
export function lastDays(count: number, nowMs: number): DayRange {
  const today = dayOf(nowMs);
  return { from: addDays(today, 1 - count), to: today };
}

function parseLength(text: string | undefined): number {
  if (text === undefined) return defaultRangeDays;
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > maxRangeDays) {
    throw new InvalidDayRangeError(`\`days\` must be a number from 1 to ${maxRangeDays}.`);
  }
  return days;
}
