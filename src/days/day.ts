import { InvalidRequestError } from '../errors/footfallError';

declare const dayBrand: unique symbol;

/** A calendar day in UTC, `YYYY-MM-DD`. Days sort as text. */
export type Day = string & { readonly [dayBrand]: true };

const dayMs = 24 * 60 * 60 * 1_000;

export class InvalidDayError extends InvalidRequestError {}

/** @param timeMs milliseconds since 1970 */
export function dayOf(timeMs: number): Day {
  return new Date(timeMs).toISOString().slice(0, 10) as Day;
}

/**
 * @param name the parameter's name, for the message
 * @throws InvalidDayError
 */
export function parseDay(name: string, text: string): Day {
  // A range may begin a year before its end, and its days must keep years of four digits.
  const timeMs = /^[1-9]\d{3}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  // Date.parse reads some dates that do not exist as the days after them.
  if (Number.isNaN(timeMs) || dayOf(timeMs) !== text) {
    throw new InvalidDayError(`\`${name}\` must be a date such as 2026-11-21.`);
  }
  return text as Day;
}

/** @param count how many days later; negative for earlier */
export function addDays(day: Day, count: number): Day {
  return dayOf(Date.parse(day) + count * dayMs);
}

/** How many days lie between two days: 0 for the same day. */
export function daysBetween(first: Day, last: Day): number {
  return (Date.parse(last) - Date.parse(first)) / dayMs;
}

/** Each day from the first to the last, both included. */
export function listDays(first: Day, last: Day): Day[] {
  return Array.from({ length: Math.max(0, daysBetween(first, last) + 1) }, (_, index) =>
    addDays(first, index),
  );
}
