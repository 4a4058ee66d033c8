import { startFreshEngine } from './engines';
import { runProbe } from './runProbe';
import { spread, type Spread } from './statistics';
import { findSubject, prepareSubjects } from './subjects';
import { VisitStream } from './visitStream';

export interface BatchOptions {
  rounds: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

export interface BatchResult {
  records: number;
  tags: number;
  /** From the batch to the processor's answer, in a process that has processed some batches before. */
  milliseconds: Spread;
}

const records = 1_000;
const tagCounts = [1, 10, 100, 1_000];
const effort = { warmUpCalls: 5, calls: 10, limitMs: 10_000, looksAtHeap: false };
const totalCalls = 1 + effort.warmUpCalls + effort.calls;

/** Measures the stream processor with the largest batches that the template allows, on the embedded engine. */
export async function measureBatches(
  folder: string,
  { rounds, nodeOptions, progress }: BatchOptions,
): Promise<BatchResult[]> {
  const { subjects, nullEngine, probeFile: file } = await prepareSubjects(folder);
  await nullEngine.stop(); // The processor calls the real engine.
  const processor = findSubject(subjects, 'StreamProcessorFunction');
  const results: BatchResult[] = [];
  for (const tags of tagCounts) {
    const stream = new VisitStream();
    const events = Array.from({ length: totalCalls }, () => stream.nextEvent(records, tags));
    const samples: number[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`batches: ${records} records of ${tags} tags, round ${round + 1} of ${rounds}`);
      const engine = await startFreshEngine();
      try {
        const subject = { ...processor, events };
        const { callsPerSecond } = await runProbe({ file, nodeOptions }, subject, engine.access, effort);
        samples.push(1_000 / callsPerSecond);
      } finally {
        await engine.stop();
      }
    }
    results.push({ records, tags, milliseconds: spread(samples) });
  }
  return results;
}
