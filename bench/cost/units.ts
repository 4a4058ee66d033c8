import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { startTestEngine } from '../../tests/support/engine';
import { startFunction } from '../../tests/support/functions';
import { startMeter, type Units } from '../unitCounter';
import { VisitStream } from '../visitStream';
import { apiCalls } from './apiCalls';

/** Visits and tags of the measured batches. */
const batchShapes = [
  [1, 1],
  [10, 1],
  [10, 10],
  [100, 10],
  [100, 100],
  [1_000, 100],
] as const;

/** The days that a lookup shows. Each has visits. */
const daysShown = 30;

/** Measures the units that the functions consume on the engine, built as they are deployed. */
export async function measureUnits() {
  const engine = await startTestEngine();
  const { endpoint, counter } = await startMeter(engine.endpoint);
  const start = async (functionId: string) => {
    const tested = await startFunction(functionId, { ...engine, endpoint });
    return async (event: unknown): Promise<Units> => {
      const outcome = await tested.invoke(event);
      if (!outcome.ok) throw new Error(`${functionId} failed: ${outcome.error}`);
      return counter.take();
    };
  };
  const [recordVisit, processBatch, viewCounts, reconcile] = [
    await start('RecordVisitFunction'),
    await start('StreamProcessorFunction'),
    await start('ViewCountsFunction'),
    await start('ReconcileFunction'),
  ];

  const webVisit = await recordVisit(apiCalls.webVisit.event);
  const beaconVisit = await recordVisit(apiCalls.beaconVisit.event);
  const stream = new VisitStream();
  // First visits to a tag are rare, so every tag gets its row before anything is measured.
  await processBatch(stream.nextEvent(100, 100));
  const batches: (Units & { visits: number; tags: number })[] = [];
  for (const [visits, tags] of batchShapes)
    batches.push({ visits, tags, ...(await processBatch(stream.nextEvent(visits, tags))) });

  const sameDay = batches.find(({ visits, tags }) => visits === 100 && tags === 100);
  const nextDay = await processBatch(stream.nextEvent(100, 100, '2026-01-02'));
  for (let day = 3; day <= daysShown; day += 1)
    await processBatch(stream.nextEvent(1, 1, `2026-01-${String(day).padStart(2, '0')}`));
  // The stream was made up. With counts to match, reconcile finds nothing to repair, as on most days.
  for (const [tag, count] of stream.counts) {
    const Item = { ID: { S: tag }, Count: { N: `${count}` } };
    await engine.client.send(new PutItemCommand({ TableName: 'DynamoDBTable', Item }));
  }
  // The first run moves the ended days. The second is an ordinary daily run.
  await reconcile({});
  const queryStringParameters = { from: '2026-01-01', to: `2026-01-${daysShown}` };
  return {
    webVisit,
    beaconVisit,
    batches,
    /** Write units of the first batch of a day, beyond those of the same batch later that day. */
    dayChange: { tags: 100, write: nextDay.write - (sameDay?.write ?? 0) },
    lookup: await viewCounts({ ...apiCalls.lookup.event, queryStringParameters }),
    reconcile: { tags: 100, ...(await reconcile({})) },
  };
}
