import type { Item } from '../support/expressions';

export const tableNames = { counts: 'counts', totals: 'totals', days: 'days' };

/** The `Count` of an item: 0 without one, NaN if it is not a whole number. */
export function countOf(item: Item | undefined): number {
  if (item?.Count === undefined) return 0;
  const count = Number(item.Count.N);
  return Number.isSafeInteger(count) ? count : NaN;
}
