import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { applyBatch } from '../ledger/applyBatch';
import { TotalsStore } from '../ledger/totalsStore';

const { countsTable, totalsTable, daysTable } = readSettings('countsTable', 'totalsTable', 'daysTable');
const store = new TotalsStore(createDynamoDBClient(), {
  counts: countsTable,
  totals: totalsTable,
  days: daysTable,
});

/** Applies a batch of DynamoDBTable's stream to the totals and days. */
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
