import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { OpenDays } from './dayVisits';
import type { Row } from './fold';

/** A row of TotalsTable as DynamoDB holds it, less its key. */
export function writeRow(row: Row): Record<string, AttributeValue> {
  return {
    Reading: { N: `${row.reading}` },
    Stream: { S: row.position.stream },
    Sequence: { S: row.position.sequence },
    Day: { S: row.day },
    Opening: { N: `${row.opening}` },
    Turns: { N: `${row.turns}` },
  };
}

/** Reads what `writeRow` wrote; nothing for an item that is not there. */
export function readRow(item: Record<string, AttributeValue> | undefined): Row | undefined {
  if (item === undefined) return undefined;
  return {
    reading: Number(item.Reading?.N),
    position: { stream: item.Stream?.S ?? '', sequence: item.Sequence?.S ?? '' },
    day: item.Day?.S ?? '',
    opening: Number(item.Opening?.N),
    turns: Number(item.Turns?.N),
  };
}

/** The day that is open on a row. A tag without a row has none. */
export function openDayOf(row: Row | undefined): OpenDays {
  if (!row) return { visits: new Map(), turns: 0 };
  return { visits: new Map([[row.day, row.reading - row.opening]]), turns: row.turns };
}
