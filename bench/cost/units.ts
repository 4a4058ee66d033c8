import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { httpEvent, restEvent } from '../../tests/support/events';
import { startTestEngine } from '../../tests/support/engine';
import { startFunction } from '../../tests/support/functions';
import { startMeter, type Units } from './meter';
import { VisitStream } from './stream';

export const webVisit = restEvent({ route: '/tags/{tag+}', path: '/tags/docs/page-0' });
export const pageVisit = httpEvent({
  method: 'POST',
  route: '/visits',
  path: '/visits',
  query: 'tag=docs%2Fpage-0',
});
export const look = restEvent({ route: '/counts/{tag+}', path: '/counts/docs/page-0' });
export const scriptFetch = httpEvent({ route: '/footfall.js', path: '/footfall.js' });

/** Visits and tags of the batches that are measured. */
export const batchShapes = [
  [1, 1],
  [10, 1],
  [10, 10],
  [100, 10],
  [100, 100],
  [1_000, 100],
] as const;

/** Days that a look shows, and that have visits. */
export const daysShown = 30;

export interface MeasuredUnits {
  visit: { web: Units; page: Units };
  batches: (Units & { visits: number; tags: number })[];
  /** Beyond what the same batch costs on a day that goes on. */
  dayTurn: { tags: number; write: number };
  look: Units;
  reconcile: Units & { tags: number };
}

/** What the functions, built as they are deployed, consume on the engine. */
export async function measureUnits(): Promise<MeasuredUnits> {
  const engine = await startTestEngine();
  const meter = await startMeter(engine.endpoint);
  const start = (id: string) => startFunction(id, { ...engine, endpoint: meter.endpoint });
  const [recordVisit, processor, viewCounts, reconcile] = [
    await start('RecordVisitFunction'),
    await start('StreamProcessorFunction'),
    await start('ViewCountsFunction'),
    await start('ReconcileFunction'),
  ];
  const use = async (what: Promise<{ ok: boolean }>) => {
    const outcome = await what;
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    return meter.take();
  };

  const visit = {
    web: await use(recordVisit.invoke(webVisit)),
    page: await use(recordVisit.invoke(pageVisit)),
  };
  const stream = new VisitStream();
  // Every tag has its row before anything is measured: its first visit is one of many.
  await use(processor.invoke(stream.next(100, 100)));
  const batches: MeasuredUnits['batches'] = [];
  for (const [visits, tags] of batchShapes)
    batches.push({ visits, tags, ...(await use(processor.invoke(stream.next(visits, tags)))) });
  const sameDay = batches.find(({ visits, tags }) => visits === 100 && tags === 100);
  const nextDay = await use(processor.invoke(stream.next(100, 100, '2026-01-02')));
  for (let day = 3; day <= daysShown; day += 1)
    await use(processor.invoke(stream.next(1, 1, `2026-01-${String(day).padStart(2, '0')}`)));
  // The stream was made up; now the counts are what it told, and reconcile finds nothing to repair, as on most days.
  for (const [tag, count] of stream.counts) {
    const Item = { ID: { S: tag }, Count: { N: `${count}` } };
    await engine.client.send(new PutItemCommand({ TableName: 'DynamoDBTable', Item }));
  }
  // The first run puts the days away; the second is as a run is every day.
  await use(reconcile.invoke({}));
  return {
    visit,
    batches,
    dayTurn: { tags: 100, write: nextDay.write - (sameDay?.write ?? 0) },
    look: await use(
      viewCounts.invoke({ ...look, queryStringParameters: { from: '2026-01-01', to: '2026-01-30' } }),
    ),
    reconcile: { tags: 100, ...(await use(reconcile.invoke({}))) },
  };
}
