/** The longest range of days that one answer holds: a leap year. */
export const maxRangeDays = 366;
const defaultRangeDays = 30;

const dayMs = 24 * 60 * 60 * 1_000;

/** What was asked for is no range of days. The message is one sentence for the caller. */
export class InvalidDayRangeError extends Error {}

/** Days in UTC, `YYYY-MM-DD`, the first and the last included. */
export interface DayRange {
  from: string;
  to: string;
}

/**
 * Reads a range of days. Without an end it ends today; without a start it is as long as `length` says, or 30 days.
 * @throws InvalidDayRangeError
 */
export function parseDayRange(
  from: string | undefined,
  to: string | undefined,
  nowMs: number,
  length?: string,
): DayRange {
  if (from !== undefined && length !== undefined) {
    throw new InvalidDayRangeError('A range has a first day, from, or a length, days, but not both.');
  }
  const lastMs = to === undefined ? nowMs : parseDay('to', to);
  const last = formatDay(lastMs);
  const first = from ?? formatDay(lastMs - (parseLength(length) - 1) * dayMs);
  const days = Math.round((Date.parse(last) - parseDay('from', first)) / dayMs) + 1;
  if (days < 1) throw new InvalidDayRangeError(`The range ends, on ${last}, before it begins, on ${first}.`);
  if (days > maxRangeDays) {
    throw new InvalidDayRangeError(`The range has ${days} days; the longest is ${maxRangeDays}.`);
  }
  return { from: first, to: last };
}

/** Days that end today, by their number. */
export function lastDays(days: number, nowMs: number): DayRange {
  return { from: formatDay(nowMs - (days - 1) * dayMs), to: formatDay(nowMs) };
}

function parseLength(text: string | undefined): number {
  if (text === undefined) return defaultRangeDays;
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > maxRangeDays) {
    throw new InvalidDayRangeError(`The parameter days takes a number from 1 to ${maxRangeDays}.`);
  }
  return days;
}

function parseDay(name: string, text: string): number {
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // Some dates that do not exist are read as the ones after them.
  if (Number.isNaN(timeMs) || formatDay(timeMs) !== text) {
    throw new InvalidDayRangeError(`The parameter ${name} takes a date such as 2026-11-21.`);
  }
  return timeMs;
}

function formatDay(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
