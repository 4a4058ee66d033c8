import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { applyBatch } from '../ledger/applyBatch';
import { openTotalsStore } from '../ledger/totalsStore';

const store = openTotalsStore();

/** Applies a batch of the counts table's stream to the totals and days. */
export function handler(event: DynamoDBStreamEvent, context: Context): Promise<DynamoDBBatchResponse> {
  return applyBatch(event.Records, store, {
    clock: systemClock,
    random: Math.random,
    remainingMs: () => context.getRemainingTimeInMillis(),
    report: (message, details) => {
      console.warn(message, details);
    },
  });
}
