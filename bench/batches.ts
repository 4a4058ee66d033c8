import { startFreshEngine } from './engines';
import { runProbe } from './runProbe';
import { spread, type Spread } from './statistics';
import { prepareSubjects, type Subject } from './subjects';

export interface BatchOptions {
  rounds: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

export interface BatchResult {
  records: number;
  tags: number;
  /** From the batch to the processor's answer, in a process that has processed some. */
  milliseconds: Spread;
}

const records = 1_000;
const tagCounts = [1, 10, 100, 1_000];

/** The stream processor with batches as large as the template lets them be, on the embedded engine. */
export async function measureBatches(
  folder: string,
  { rounds, nodeOptions, progress }: BatchOptions,
): Promise<BatchResult[]> {
  const { subjects, nullEngine, probeFile: file } = await prepareSubjects(folder);
  await nullEngine.stop(); // batches are processed on the real one
  const processor = findProcessor(subjects);
  const much = { warmUpCalls: 5, calls: 10, limitMs: 10_000, looksAtHeap: false };
  const results: BatchResult[] = [];
  for (const tags of tagCounts) {
    progress(`batches: ${records} records of ${tags} tags`);
    const subject = { ...processor, event: makeBatch(tags) };
    const samples: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const engine = await startFreshEngine('');
      try {
        const { callsPerSecond } = await runProbe({ file, nodeOptions }, subject, engine.access, much);
        samples.push(1_000 / callsPerSecond);
      } finally {
        await engine.stop();
      }
    }
    results.push({ records, tags, milliseconds: spread(samples) });
  }
  return results;
}

function findProcessor(subjects: Subject[]): Subject {
  const found = subjects.find(({ name }) => name === 'streamProcessor');
  if (!found) throw new Error('The template has no streamProcessor.');
  return found;
}

/** Visits that go from tag to tag in turn, as the stream tells of them. */
function makeBatch(tags: number): unknown {
  const Records = Array.from({ length: records }, (_, index) => {
    const ID = { S: `docs/page-${index % tags}` };
    const count = 1_000 + Math.floor(index / tags);
    return {
      eventID: String(index),
      eventName: 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'eu-central-1',
      dynamodb: {
        ApproximateCreationDateTime: 1_795_254_603,
        Keys: { ID },
        SequenceNumber: String(10n ** 24n + BigInt(index)),
        SizeBytes: 60,
        StreamViewType: 'NEW_AND_OLD_IMAGES',
        NewImage: { ID, Count: { N: String(count) } },
        OldImage: { ID, Count: { N: String(count - 1) } },
      },
      eventSourceARN:
        'arn:aws:dynamodb:eu-central-1:123456789012:table/Counts/stream/2026-11-20T08:15:30.123',
    };
  });
  return { Records };
}
