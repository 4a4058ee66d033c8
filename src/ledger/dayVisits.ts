import { listDays, type Day } from '../days/day';

/** The visits of one day (UTC). */
export interface DayVisits {
  day: Day;
  visits: number;
}

/** Days that have not ended, or that nobody has moved to DaysTable yet. */
export interface OpenDays {
  /** Visits by day, in addition to those in DaysTable. */
  visits: ReadonlyMap<string, number>;
  /** How often a day moved to DaysTable. A reader of both compares it to notice a move during the read. */
  turns: number;
}

/**
 * Adds ended and open days up: one entry a day from `from` to `to`, both `YYYY-MM-DD` and included. A day from which
 * more was subtracted than visited shows 0.
 */
export function addDayVisits(
  closedDays: ReadonlyMap<string, number>,
  openDays: ReadonlyMap<string, number>,
  from: Day,
  to: Day,
): DayVisits[] {
  return listDays(from, to).map((day) => {
    const visits = (closedDays.get(day) ?? 0) + (openDays.get(day) ?? 0);
    return { day, visits: Math.max(0, visits) };
  });
}
