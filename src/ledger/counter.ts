import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Item } from '../tables/attributes';
import type { OpenDays } from './dayVisits';

/**
 * How the grand total's item is to be moved.
 * - `fresh`: nothing has been added up yet.
 * - `exact`: `TotalViews` is the sum of all readings.
 * - `rebuilding`: `TotalViews` came from elsewhere, such as the workshop's processor, and goes on from there; the
 *   sum of all readings grows beside it, unseen, in `Rebuilt`.
 */
export type CounterState = 'fresh' | 'exact' | 'rebuilding';

/** The item `{ID: "COUNTER", …}`. Someone may have visited a tag of that name: its `Count` is left alone. */
export type CounterItem = Item | undefined;

export function stateOfCounter(item: CounterItem): CounterState {
  if (item?.Exact !== undefined) return 'exact';
  return item?.TotalViews === undefined ? 'fresh' : 'rebuilding';
}

/** What a page shows: the grand total, and whether it is still being rebuilt. */
export interface Total {
  total: number;
  rebuilding: boolean;
}

export function readTotal(item: CounterItem): Total {
  return { total: Number(item?.TotalViews?.N ?? 0), rebuilding: stateOfCounter(item) === 'rebuilding' };
}

/** How the days of all tags together begin their attributes' names on the item, while they are open. */
const dayPrefix = 'Day:';

/**
 * The days of all tags together that stand on the item itself, so that they move with the total in one write.
 * Reconcile puts those into DaysTable on which nothing is to be expected any more, and counts that in `Turns`.
 */
export function openDaysOf(item: CounterItem): OpenDays {
  const visits = Object.entries(item ?? {})
    .filter(([name]) => name.startsWith(dayPrefix))
    .map(([name, value]) => [name.slice(dayPrefix.length), Number(value?.N)] as const);
  return { visits: new Map(visits), turns: Number(item?.Turns?.N ?? 0) };
}

/** The name of the attribute that holds an open day's visits. @param day `YYYY-MM-DD` */
export function dayAttribute(day: string): string {
  return `${dayPrefix}${day}`;
}

/** An update of the item that holds only in the state it was made for. */
export interface CounterUpdate {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues: Record<string, AttributeValue>;
}

/** By how much the total and its days are to be moved. */
export interface CounterMove {
  difference: number;
  imageDifference: number;
  visitsByDay: ReadonlyMap<string, number>;
}

/** The update that moves the total and its days; nothing when there is nothing to move. */
export function moveCounter(state: CounterState, move: CounterMove): CounterUpdate | undefined {
  const difference = { N: `${move.difference}` };
  const imageDifference = { N: `${move.imageDifference}` };
  const days = [...move.visitsByDay].filter(([, visits]) => visits !== 0);
  const isStill = move.difference === 0 && days.length === 0;
  switch (state) {
    case 'fresh':
      if (isStill) return undefined;
      return addingDays(days, {
        UpdateExpression: 'SET TotalViews = :difference, Exact = :exact ADD ',
        ConditionExpression: 'attribute_not_exists(TotalViews)',
        ExpressionAttributeValues: { ':difference': difference, ':exact': { BOOL: true } },
      });
    case 'exact':
      if (isStill) return undefined;
      return addingDays(days, {
        UpdateExpression: 'ADD TotalViews :difference, ',
        ConditionExpression: 'attribute_exists(Exact)',
        ExpressionAttributeValues: { ':difference': difference },
      });
    case 'rebuilding':
      if (isStill && move.imageDifference === 0) return undefined;
      return addingDays(days, {
        UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference, ',
        ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',
        ExpressionAttributeValues: { ':difference': difference, ':imageDifference': imageDifference },
      });
  }
}

/** @param update whose expression goes on with further numbers to add */
function addingDays(days: readonly (readonly [string, number])[], update: CounterUpdate): CounterUpdate {
  // With no day to add, nothing follows the comma, or the ADD.
  if (days.length === 0)
    return { ...update, UpdateExpression: update.UpdateExpression.replace(/(,| ADD) $/, '') };
  return {
    ...update,
    UpdateExpression:
      update.UpdateExpression + days.map((_, index) => `#day${index} :day${index}`).join(', '),
    ExpressionAttributeNames: Object.fromEntries(
      days.map(([day], index) => [`#day${index}`, dayAttribute(day)]),
    ),
    ExpressionAttributeValues: {
      ...update.ExpressionAttributeValues,
      ...Object.fromEntries(days.map(([, visits], index) => [`:day${index}`, { N: `${visits}` }])),
    },
  };
}

/** The one write that puts the rebuilt total in the place of the old one. */
export const adoption: CounterUpdate = {
  UpdateExpression: 'SET TotalViews = if_not_exists(Rebuilt, :zero), Exact = :exact REMOVE Rebuilt',
  ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',
  ExpressionAttributeValues: { ':zero': { N: '0' }, ':exact': { BOOL: true } },
};
