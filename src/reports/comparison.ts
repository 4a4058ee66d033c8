import type { DayVisits } from '../ledger/days';

/** Visits of today beside those of days that are over. All of them are days of UTC. */
export interface Comparison {
  today: number;
  yesterday: number;
  /** The same day of the week, a week ago. */
  weekAgo: number;
}

/** How many days before today are compared with it. */
export const daysCompared = 7;

/** @param days one entry a day, the last of them today */
export function compareDays(days: readonly DayVisits[]): Comparison {
  const before = (count: number) => days.at(-1 - count)?.visits ?? 0;
  return { today: before(0), yesterday: before(1), weekAgo: before(daysCompared) };
}
