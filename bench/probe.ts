/**
 * Runs in a process of its own for each measurement: loads one handler as Lambda does, calls it, and tells its parent
 * how long that took. Everything before the handler is loaded is the same for all of them.
 */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { varyEvent } from './varyEvent';

export interface ProbeTask {
  handlerFile: string;
  exportName: string;
  event: unknown;
  /** Calls before the measured ones, and those. None are made for the first call's time alone. */
  warmUpCalls: number;
  calls: number;
  /** Warming up and measuring each end here, however few calls were made: some handlers do much in one. */
  limitMs: number;
  looksAtHeap: boolean;
}

export interface ProbeResult {
  loadMs: number;
  /** From the start of loading to the first answer. */
  firstAnswerMs: number;
  /** Processor time of the same, user and system: what else the machine does shows less in it. */
  firstAnswerCpuMs: number;
  /** How many were measured. */
  calls: number;
  /** Of the measured calls: this process's processor time, user and system. */
  cpuMicrosecondsPerCall: number;
  callsPerSecond: number;
  /** After a garbage collection: before the measured calls and after them, where that was asked for. */
  heapBytesBefore: number;
  heapBytesAfter: number;
  /** How the first call ended: a status, `answered`, or an error's message. */
  outcome: string;
}

type Handler = (event: unknown, context: unknown) => unknown;

const context = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'Bench',
  getRemainingTimeInMillis: () => 60_000,
};

process.on('message', (task) => {
  void run(task as ProbeTask).then((result) => process.send?.(result));
});
// Whoever asked is gone.
process.on('disconnect', () => process.exit());

async function run(task: ProbeTask): Promise<ProbeResult> {
  const load = createRequire(task.handlerFile);
  const startMs = performance.now();
  const startProcessor = process.cpuUsage();
  const module = load(task.handlerFile) as Record<string, Handler>;
  const loadMs = performance.now() - startMs;
  const handler = module[task.exportName];
  if (!handler) throw new Error(`${task.handlerFile} exports no ${task.exportName}.`);
  let made = 0;
  const call = () =>
    new Promise((resolve) => {
      resolve(handler(varyEvent(task.event, made++), context));
    });
  const outcome = await call().then(describeAnswer, String);
  const firstAnswerMs = performance.now() - startMs;
  const firstAnswerCpuMs = sum(process.cpuUsage(startProcessor)) / 1_000;

  /** @returns how many calls were made in the time there is */
  const callMany = async (calls: number): Promise<number> => {
    const endMs = performance.now() + task.limitMs;
    for (let count = 0; count < calls; count++) {
      if (performance.now() > endMs) return count;
      await call().catch(ignore);
    }
    return calls;
  };
  await callMany(task.warmUpCalls);
  const heapBytesBefore = task.looksAtHeap ? measureHeap() : NaN;
  const processor = process.cpuUsage();
  const warmMs = performance.now();
  const calls = await callMany(task.calls);
  const elapsedMs = performance.now() - warmMs;
  const microseconds = sum(process.cpuUsage(processor));
  return {
    loadMs,
    firstAnswerMs,
    firstAnswerCpuMs,
    calls,
    cpuMicrosecondsPerCall: microseconds / calls,
    callsPerSecond: (1_000 * calls) / elapsedMs,
    heapBytesBefore,
    heapBytesAfter: task.looksAtHeap ? measureHeap() : NaN,
    outcome,
  };
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

function describeAnswer(answer: unknown): string {
  const status = (answer as { statusCode?: number } | undefined)?.statusCode;
  return status === undefined ? 'answered' : String(status);
}

/**
 * The collector is asked for by then only: with the option `--expose-gc` from the start, Node.js compiles its own modules
 * anew, because what is stored of them was compiled without.
 */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

/** The first call says how it goes; the same error again tells nothing new. */
function ignore(): void {
  // nothing
}
