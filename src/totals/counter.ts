import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/**
 * How the grand total's item is to be moved.
 * - `fresh`: nothing has been added up yet.
 * - `exact`: `TotalViews` is the sum of all readings.
 * - `rebuilding`: `TotalViews` came from elsewhere, such as the workshop's processor, and goes on from there; the
 *   sum of all readings grows beside it, unseen, in `Rebuilt`.
 */
export type CounterState = 'fresh' | 'exact' | 'rebuilding';

/** The item `{ID: "COUNTER", …}`. Someone may have visited a tag of that name: its `Count` is left alone. */
export type CounterItem = Record<string, AttributeValue> | undefined;

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

/** An update of the item that holds only in the state it was made for. */
export interface CounterUpdate {
  UpdateExpression: string;
  ConditionExpression: string;
  ExpressionAttributeValues: Record<string, AttributeValue>;
}

/** The update that moves the total; nothing when there is nothing to move. */
export function moveCounter(
  state: CounterState,
  difference: number,
  imageDifference: number,
): CounterUpdate | undefined {
  switch (state) {
    case 'fresh':
      if (difference === 0) return undefined;
      return {
        UpdateExpression: 'SET TotalViews = :difference, Exact = :exact',
        ConditionExpression: 'attribute_not_exists(TotalViews)',
        ExpressionAttributeValues: { ':difference': { N: `${difference}` }, ':exact': { BOOL: true } },
      };
    case 'exact':
      if (difference === 0) return undefined;
      return {
        UpdateExpression: 'ADD TotalViews :difference',
        ConditionExpression: 'attribute_exists(Exact)',
        ExpressionAttributeValues: { ':difference': { N: `${difference}` } },
      };
    case 'rebuilding':
      if (difference === 0 && imageDifference === 0) return undefined;
      return {
        UpdateExpression: 'ADD TotalViews :imageDifference, Rebuilt :difference',
        ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',
        ExpressionAttributeValues: {
          ':difference': { N: `${difference}` },
          ':imageDifference': { N: `${imageDifference}` },
        },
      };
  }
}

/** The one write that puts the rebuilt total in the place of the old one. */
export const adoption: CounterUpdate = {
  UpdateExpression: 'SET TotalViews = if_not_exists(Rebuilt, :zero), Exact = :exact REMOVE Rebuilt',
  ConditionExpression: 'attribute_exists(TotalViews) AND attribute_not_exists(Exact)',
  ExpressionAttributeValues: { ':zero': { N: '0' }, ':exact': { BOOL: true } },
};
