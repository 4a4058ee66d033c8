import type { DayVisits } from '../ledger/dayVisits';

/** Today's visits and those of earlier days. */
export interface Comparison {
  today: number;
  yesterday: number;
  /** Seven days ago. */
  weekAgo: number;
}

/** The number of days before today that the comparison needs. */
export const daysCompared = 7;

/** @param days one entry a day; the last is today */
export function compareDays(days: readonly DayVisits[]): Comparison {
  const before = (count: number) => days.at(-1 - count)?.visits ?? 0;
  return { today: before(0), yesterday: before(1), weekAgo: before(daysCompared) };
}
