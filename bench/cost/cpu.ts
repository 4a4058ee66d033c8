import { makeFolder } from '../../tests/support/runner';
import { startFreshEngine } from '../engines';
import { runProbe } from '../runProbe';
import { findSubject, prepareSubjects } from '../subjects';
import { VisitStream } from '../visitStream';
import { measureApiCalls } from './apiCalls';

/** Milliseconds of processor time in all threads, so compiling and garbage collection are included. */
export interface CpuTimes {
  load: number;
  /** The first call in an environment. It also opens the connection. */
  firstCall: number;
  /** The mean of the calls after the hundredth. */
  laterCall: number;
}

const effort = { warmUpCalls: 99, calls: 300, limitMs: 60_000, looksAtHeap: false };
const totalCalls = 1 + effort.warmUpCalls + effort.calls;

/** Between these batch sizes, processor time is assumed to grow linearly. */
const batchSizes = [1, 100];

/** Measures the processor time of the functions on this machine, built as they are deployed. */
export async function measureCpu(progress: (line: string) => void) {
  const { subjects, nullEngine, probeFile } = await prepareSubjects(makeFolder());
  await nullEngine.stop(); // The functions call a real engine.
  const engine = await startFreshEngine();
  const measure = async (functionId: string, events: unknown[]): Promise<CpuTimes> => {
    progress(`processor time: ${functionId}`);
    const subject = { ...findSubject(subjects, functionId), events };
    const result = await runProbe({ file: probeFile, nodeOptions: [] }, subject, engine.access, effort);
    return {
      load: result.loadCpuMs,
      firstCall: result.firstAnswerCpuMs - result.loadCpuMs,
      laterCall: result.cpuMicrosecondsPerCall / 1_000,
    };
  };
  try {
    const stream = new VisitStream();
    const batches: (CpuTimes & { visits: number })[] = [];
    for (const visits of batchSizes) {
      const events = Array.from({ length: totalCalls }, () => stream.nextEvent(visits, visits));
      batches.push({ visits, ...(await measure('StreamProcessorFunction', events)) });
    }
    const calls = await measureApiCalls(({ functionId, event }) => measure(functionId, [event]));
    return { ...calls, batches };
  } finally {
    await engine.stop();
  }
}
