import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { formatMetric } from '../aws/metric';
import { reconcile, type ReconcileReport } from '../ledger/reconcile';
import { openReconcileStore } from '../ledger/reconcileStore';

const store = openReconcileStore();

/** Finds rows that stay behind their tag's count and has the table say them again. The event is not read. */
export async function handler(_event: unknown, context: Context): Promise<ReconcileReport> {
  const found = await reconcile(store, {
    clock: systemClock,
    random: Math.random,
    remainingMs: () => context.getRemainingTimeInMillis(),
    report: (message, details) => {
      console.info(message, details);
    },
  });
  console.info('Reconcile has ended its run.', found);
  const drift = { name: 'Drift', value: found.differenceAfter, timeMs: systemClock.now() };
  process.stdout.write(formatMetric({ ...drift, functionName: context.functionName }));
  return found;
}
