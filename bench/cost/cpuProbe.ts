/**
 * Loads a handler and calls it with one event after the other, in a process of its own, as Lambda does.
 * Prints the processor time that it took, as JSON.
 *
 * node cpuProbe.js <file of the handler> <file with a list of events>
 */
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

/** Milliseconds of processor time, of all threads: compiling and collecting garbage too. */
export interface CpuTimes {
  load: number;
  /** The first call of an environment, which also connects. */
  firstCall: number;
  /** The mean of the calls after the hundredth, or after the first half where there are fewer. */
  laterCall: number;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

const [, , handlerFile = '', eventsFile = ''] = process.argv;
const events = JSON.parse(readFileSync(eventsFile, 'utf8')) as unknown[];
const context = {
  awsRequestId: 'measured',
  functionName: 'measured',
  getRemainingTimeInMillis: () => 60_000,
};

async function spend(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

async function probe(): Promise<void> {
  let handler: Handler = () => Promise.resolve();
  const load = await spend(() => {
    ({ handler } = createRequire(__filename)(handlerFile) as { handler: Handler });
  });
  const firstCall = await spend(() => handler(events[0], context));
  const warm = Math.min(100, Math.floor(events.length / 2));
  for (const event of events.slice(1, warm)) await handler(event, context);
  const measured = events.slice(warm);
  const later = await spend(async () => {
    for (const event of measured) await handler(event, context);
  });
  const times: CpuTimes = { load, firstCall, laterCall: later / measured.length };
  process.stdout.write(JSON.stringify(times));
  process.exit();
}

void probe();
