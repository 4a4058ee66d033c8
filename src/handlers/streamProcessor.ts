import type { Context, DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { applyBatch } from '../ledger/applyBatch';
import { totalsSettings, totalsTables, TotalsStore } from '../ledger/totalsStore';

const store = new TotalsStore(createDynamoDBClient(), totalsTables(readSettings(...totalsSettings)));

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
