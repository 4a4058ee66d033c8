import { runProbe } from './runProbe';
import { prepareSubjects } from './subjects';

export interface HeapOptions {
  /** Calls between the two looks at the heap. */
  calls: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

export interface HeapResult {
  name: string;
  /** As many as were made; fewer than asked for where a machine is very slow. */
  calls: number;
  bytesBefore: number;
  bytesAfter: number;
}

const warmUpCalls = 2_000;
const msPerCallAtMost = 10;

/** What each handler keeps of its calls: the heap after some, and after many more, each time after a collection. */
export async function measureHeaps(folder: string, options: HeapOptions): Promise<HeapResult[]> {
  const { calls, nodeOptions, progress } = options;
  const { nullEngine, subjects, probeFile: file } = await prepareSubjects(folder);
  try {
    const results: HeapResult[] = [];
    for (const subject of subjects) {
      progress(`heap: ${subject.name}, ${results.length + 1} of ${subjects.length}`);
      const much = {
        warmUpCalls,
        calls,
        limitMs: Math.max(10_000, calls * msPerCallAtMost),
        looksAtHeap: true,
      };
      const result = await runProbe({ file, nodeOptions }, subject, nullEngine.access, much);
      const { heapBytesBefore: bytesBefore, heapBytesAfter: bytesAfter } = result;
      results.push({ name: subject.name, calls: result.calls, bytesBefore, bytesAfter });
    }
    return results;
  } finally {
    await nullEngine.stop();
  }
}
