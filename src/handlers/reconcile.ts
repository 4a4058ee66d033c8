import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { formatMetric } from '../aws/metric';
import { reconcile, type ReconcileReport } from '../ledger/reconcile';
import { ReconcileStore } from '../ledger/reconcileStore';
import { totalsSettings, totalsTables } from '../ledger/totalsStore';

const store = new ReconcileStore(createDynamoDBClient(), totalsTables(readSettings(...totalsSettings)));

/** Runs daily. Finds tags whose row is behind their count, and has the stream deliver those counts again. */
export async function handler(_event: unknown, context: Context): Promise<ReconcileReport> {
  const found = await reconcile(store, {
    clock: systemClock,
    random: Math.random,
    remainingMs: () => context.getRemainingTimeInMillis(),
    report: (message, details) => {
      console.info(message, details);
    },
  });
  console.info('Reconcile has finished.', found);
  const drift = { name: 'Drift', value: found.differenceAfter, timeMs: systemClock.now() };
  process.stdout.write(formatMetric({ ...drift, functionName: context.functionName }));
  return found;
}
