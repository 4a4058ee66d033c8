import type { DynamoDBBatchResponse } from 'aws-lambda';
import type { Clock } from '../aws/clock';
import type { CounterState } from './counter';
import { foldReadings, packMoves, type Move, type Row } from './fold';
import { ForeignRecordError, isCounterRecord, parseReading, type Reading } from './reading';
import type { TotalsStore } from './totalsStore';

/** Tells the log what a person should know; details are plain data. */
export type Report = (message: string, details: Record<string, unknown>) => void;

/** Tags that failed each in a transaction of its own. */
class UnappliedTagsError extends Error {}

export interface BatchSurroundings {
  clock: Clock;
  /** As `Math.random`: spreads the retries of consumers that met at the same item. */
  random: () => number;
  /** Milliseconds until the function is stopped. */
  remainingMs: () => number;
  report: Report;
}

/** In a row, without one transaction getting through: about 6 s of waiting. Then the batch is left to be sent again. */
const maxFailuresInARow = 10;
/** From here on each tag goes in a transaction of its own. Conflicts are over by then, nearly always. */
const failuresBeforeParting = 6;
const firstWaitMs = 20;
const maxWaitMs = 1_000;
/** A try takes up to three attempts of 2 s, for the read and for the write; below it, answer while there is time. */
const reserveMs = 3_000;

/**
 * Applies a batch of the counts table's stream to totals and days. A batch that comes twice, in parts, late or at two
 * places at once changes nothing the second time.
 * @returns the first record, by place in the batch, that could not be applied; everything from it on comes again
 */
export async function applyBatch(
  records: readonly unknown[],
  store: TotalsStore,
  { clock, random, remainingMs, report }: BatchSurroundings,
): Promise<DynamoDBBatchResponse> {
  const readings = parseReadings(records, report);
  const pending = groupByTag(readings);
  let failures = 0;

  /** Goes past those that fail. @throws UnappliedTagsError when one did */
  async function applyOneByOne(moves: readonly Move[], counter: CounterState): Promise<void> {
    let cause: unknown;
    for (const move of moves) {
      if (remainingMs() < reserveMs) break;
      try {
        await store.applyMoves([move], counter);
        pending.delete(move.tag);
      } catch (error) {
        cause = error;
      }
    }
    if (pending.size > 0) throw new UnappliedTagsError('Some tags could not be applied.', { cause });
  }

  while (pending.size > 0) {
    try {
      // Read and folded anew after every error: a write that gave no answer may have been applied all the same.
      const state = await store.readState([...pending.keys()]);
      const moves = foldPending(pending, state.rows);
      if (failures >= failuresBeforeParting) {
        // Something in there can never be written, such as a row that somebody broke: the others go without it.
        await applyOneByOne(moves, state.counter);
        continue;
      }
      for (const transaction of packMoves(moves)) {
        await store.applyMoves(transaction, state.counter);
        for (const { tag } of transaction) pending.delete(tag);
        failures = 0;
      }
    } catch (error) {
      failures += 1;
      if (failures === maxFailuresInARow || remainingMs() < reserveMs) {
        const unapplied = readings.find(({ tag }) => pending.has(tag));
        report('A batch was not applied to its end.', { error, from: unapplied?.position.sequence });
        if (!unapplied) break;
        return { batchItemFailures: [{ itemIdentifier: unapplied.position.sequence }] };
      }
      await clock.sleep(random() * Math.min(maxWaitMs, firstWaitMs * 2 ** failures));
    }
  }
  return { batchItemFailures: [] };
}

function parseReadings(records: readonly unknown[], report: Report): Reading[] {
  const readings: Reading[] = [];
  for (const [place, record] of records.entries()) {
    if (isCounterRecord(record)) continue;
    try {
      readings.push(parseReading(record));
    } catch (error) {
      if (!(error instanceof ForeignRecordError)) throw error;
      report('A record was passed over.', { reason: error.message, place });
    }
  }
  return readings;
}

function groupByTag(readings: readonly Reading[]): Map<string, Reading[]> {
  const groups = new Map<string, Reading[]>();
  for (const reading of readings) {
    const group = groups.get(reading.tag);
    if (group) group.push(reading);
    else groups.set(reading.tag, [reading]);
  }
  return groups;
}

/** Folds what is pending; a tag whose row has seen all of it is pending no more. */
function foldPending(pending: Map<string, Reading[]>, rows: ReadonlyMap<string, Row>): Move[] {
  const moves: Move[] = [];
  for (const [tag, readings] of pending) {
    const move = foldReadings(rows.get(tag), readings);
    if (move) moves.push(move);
    else pending.delete(tag);
  }
  return moves;
}
