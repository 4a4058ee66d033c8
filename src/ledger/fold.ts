import { isLater, type Position, type Reading } from './reading';

/** What has been applied of a tag: a row of TotalsTable. */
export interface Row {
  /** The last reading that moved the totals, and the record that it came from. */
  reading: number;
  position: Position;
  /** The day of that record, whose visits are not in DaysTable yet: they are `reading - opening`. */
  day: string;
  /** Where the odometer stood when that day began. */
  opening: number;
  /** How many days have ended on this row, so that a reader of days sees whether one did while it read. */
  turns: number;
}

/** What the readings of one tag change. It holds only as long as the row is still `from`. */
export interface Move {
  tag: string;
  from: Row | undefined;
  to: Row;
  /** Visits to add to the tag's rows of DaysTable, by day: the days that ended. */
  closedDays: ReadonlyMap<string, number>;
  /** Visits to add to the days of all tags together, by day: ended or open. */
  visitsByDay: ReadonlyMap<string, number>;
  /** By how much the sum of all readings moves. */
  difference: number;
  /** By how much the same records say, each by its own two images, that the sum moved. */
  imageDifference: number;
}

/**
 * Folds readings of one tag, in the order of their batch, into the tag's row.
 * @returns nothing when the row has seen them all
 */
export function foldReadings(from: Row | undefined, readings: readonly Reading[]): Move | undefined {
  let row = from;
  let tag = '';
  let imageDifference = 0;
  const closedDays = new Map<string, number>();
  const visitsByDay = new Map<string, number>();
  for (const reading of readings) {
    if (row && !isLater(reading.position, row.position)) continue;
    tag = reading.tag;
    imageDifference += reading.count - reading.before;
    // What a tag counted before its first record was seen belongs to no day.
    let opening = row ? row.opening : reading.before;
    let turns = row?.turns ?? 0;
    if (row && row.day !== reading.day) {
      closedDays.set(row.day, (closedDays.get(row.day) ?? 0) + row.reading - row.opening);
      opening = row.reading;
      turns += 1;
    }
    const visits = reading.count - (row ? row.reading : reading.before);
    visitsByDay.set(reading.day, (visitsByDay.get(reading.day) ?? 0) + visits);
    // Written even when the count is the same: the position keeps older records out.
    row = { reading: reading.count, position: reading.position, day: reading.day, opening, turns };
  }
  if (!row || row === from) return undefined;
  for (const [day, visits] of closedDays) if (visits === 0) closedDays.delete(day);
  const difference = row.reading - (from?.reading ?? 0);
  return { tag, from, to: row, closedDays, visitsByDay, difference, imageDifference };
}

/** TransactWriteItems takes this many items, each once. */
export const maxTransactionItems = 100;

/**
 * Cuts moves into transactions. A tag's row and its days stay together; each transaction has room for the
 * grand total. One tag alone cannot fill one: the stream keeps 24 h, so a batch ends two days of a tag at most.
 */
export function packMoves(moves: readonly Move[]): Move[][] {
  const transactions: Move[][] = [];
  let items = maxTransactionItems;
  for (const move of moves) {
    const needed = 1 + move.closedDays.size;
    if (items + needed > maxTransactionItems) {
      transactions.push([]);
      items = 1;
    }
    transactions.at(-1)?.push(move);
    items += needed;
  }
  return transactions;
}
