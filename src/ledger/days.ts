import { dayOf } from './reading';

/** A tag's visits on one day (UTC). */
export interface DayVisits {
  /** `YYYY-MM-DD` */
  day: string;
  visits: number;
}

/** Days that have not ended yet, or not been booked as ended. */
export interface OpenDays {
  /** Visits by day, which come on top of what is in DaysTable. */
  visits: ReadonlyMap<string, number>;
  /** How often days went from here to DaysTable, so that a reader of both sees whether one did while it read. */
  turns: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Puts ended days and open ones together: one entry a day from `from` to `to`,
 * both `YYYY-MM-DD` and included. A day on which more was taken away than visited shows 0.
 */
export function listDays(
  closedDays: ReadonlyMap<string, number>,
  openDays: ReadonlyMap<string, number>,
  from: string,
  to: string,
): DayVisits[] {
  return listRange(from, to).map((day) => {
    const visits = (closedDays.get(day) ?? 0) + (openDays.get(day) ?? 0);
    return { day, visits: Math.max(0, visits) };
  });
}

/** Each day from the first to the last `YYYY-MM-DD`, both included. */
export function listRange(from: string, to: string): string[] {
  const days: string[] = [];
  for (let timeMs = Date.parse(from); timeMs <= Date.parse(to); timeMs += dayMs) days.push(dayOf(timeMs));
  return days;
}
