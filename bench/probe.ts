/**
 * Runs in its own process for each measurement: loads one handler as Lambda does, calls it, and sends the times to its
 * parent. The process does the same for every handler before it loads one.
 */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { varyEvent } from './varyEvent';

export interface ProbeTask {
  handlerFile: string;
  exportName: string;
  /** The calls take these in turn, from the start again after the last. */
  events: unknown[];
  /** Calls between the first call and the measured ones. */
  warmUpCalls: number;
  /** Measured calls. */
  calls: number;
  /** Warm-up and measurement each stop after this time, because some handlers do a lot of work in one call. */
  limitMs: number;
  looksAtHeap: boolean;
}

export interface ProbeResult {
  loadMs: number;
  loadCpuMs: number;
  /** From the start of loading to the first answer. */
  firstAnswerMs: number;
  /** Processor time of the same period, user and system. Other work on the machine affects it less. */
  firstAnswerCpuMs: number;
  /** The number of measured calls. */
  calls: number;
  /** Processor time of the measured calls, user and system. */
  cpuMicrosecondsPerCall: number;
  callsPerSecond: number;
  /** The heap before and after the measured calls, each time after a garbage collection. NaN unless asked for. */
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
// The parent has ended.
process.on('disconnect', () => process.exit());

async function run(task: ProbeTask): Promise<ProbeResult> {
  const load = createRequire(task.handlerFile);
  const startMs = performance.now();
  const startProcessor = process.cpuUsage();
  const module = load(task.handlerFile) as Record<string, Handler>;
  const loadMs = performance.now() - startMs;
  const loadCpuMs = sum(process.cpuUsage(startProcessor)) / 1_000;
  const handler = module[task.exportName];
  if (!handler) throw new Error(`${task.handlerFile} exports no ${task.exportName}.`);
  let made = 0;
  const call = () =>
    new Promise((resolve) => {
      const event = task.events[made % task.events.length];
      const round = Math.floor(made / task.events.length);
      made += 1;
      resolve(handler(varyEvent(event, round), context));
    });
  const outcome = await call().then(describeAnswer, String);
  const firstAnswerMs = performance.now() - startMs;
  const firstAnswerCpuMs = sum(process.cpuUsage(startProcessor)) / 1_000;

  /** @returns the number of calls made within the time limit */
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
    loadCpuMs,
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
 * Exposes the collector only now: with `--expose-gc` from the start, Node.js recompiles its own modules, because its code
 * cache was built without that flag.
 */
function measureHeap(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

function ignore(): void {
  // `outcome` already holds the first call's error.
}
