import type { Row } from './fold';
import { dayOf } from './reading';

/** A tag's visits on one day (UTC). */
export interface DayVisits {
  /** `YYYY-MM-DD` */
  day: string;
  visits: number;
}

const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Puts a tag's ended days and the day still open on its row together: one entry a day from `from` to `to`,
 * both `YYYY-MM-DD` and included. A day on which more was taken away than visited shows 0.
 */
export function listDays(
  closedDays: ReadonlyMap<string, number>,
  row: Row | undefined,
  from: string,
  to: string,
): DayVisits[] {
  const days: DayVisits[] = [];
  for (let timeMs = Date.parse(from); timeMs <= Date.parse(to); timeMs += dayMs) {
    const day = dayOf(timeMs);
    const open = row?.day === day ? row.reading - row.opening : 0;
    days.push({ day, visits: Math.max(0, (closedDays.get(day) ?? 0) + open) });
  }
  return days;
}
