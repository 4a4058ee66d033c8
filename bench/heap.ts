import { runProbe } from './runProbe';
import { prepareSubjects } from './subjects';

export interface HeapOptions {
  /** Calls between the two readings of the heap. */
  calls: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

export interface HeapResult {
  name: string;
  /** The calls made. A very slow machine makes fewer than it was asked for. */
  calls: number;
  bytesBefore: number;
  bytesAfter: number;
}

const warmUpCalls = 2_000;
const maxMsPerCall = 10;

/** Measures whether handlers leak memory: their heap after some calls and after many more, garbage collected. */
export async function measureHeaps(folder: string, options: HeapOptions): Promise<HeapResult[]> {
  const { calls, nodeOptions, progress } = options;
  const { nullEngine, subjects, probeFile: file } = await prepareSubjects(folder);
  try {
    const results: HeapResult[] = [];
    for (const subject of subjects) {
      progress(`heap: ${subject.name}, ${results.length + 1} of ${subjects.length}`);
      const effort = {
        warmUpCalls,
        calls,
        limitMs: Math.max(10_000, calls * maxMsPerCall),
        looksAtHeap: true,
      };
      const result = await runProbe({ file, nodeOptions }, subject, nullEngine.access, effort);
      const { heapBytesBefore: bytesBefore, heapBytesAfter: bytesAfter } = result;
      results.push({ name: subject.name, calls: result.calls, bytesBefore, bytesAfter });
    }
    return results;
  } finally {
    await nullEngine.stop();
  }
}
