import { assumptions as a } from './assumptions';
import type { CpuTimes } from './cpu';
import { invocationLogBytes, startLogBytes } from './logLines';
import type measuredFile from './measured.json';
import type { Line, PriceName } from './prices';

export type Measured = typeof measuredFile;
export type Api = 'web' | 'beacon' | 'beaconWithScript';
export type Architecture = 'x86_64' | 'arm64';

export interface Traffic {
  api: Api;
  visitsPerMonth: number;
  architecture: Architecture;
}

const secondsPerMonth = a.daysPerMonth * 86_400;
const gigabyte = 1e9;
const durationPrices = { arm64: 'lambdaArm', x86_64: 'lambdaX86' } as const;
/** A function has a share of one processor, so the same work takes this many times as long. */
const slowdown = a.memoryMbPerProcessor / a.memoryMb;

/** Units of a transaction that writes some tags and the total. A test compares them with the measured ones. */
export function countBatchUnits(tags: number): { write: number; read: number; transactions: number } {
  const transactions = Math.ceil(tags / 99);
  return { write: 2 * (tags + transactions), read: tags + transactions, transactions };
}

/** The expected number of different tags among some visits. */
function countTags(visits: number): number {
  return a.tags * (1 - (1 - 1 / a.tags) ** visits);
}

/**
 * Models the batches of a month: a shard's batch begins with a visit and takes those that follow within the window.
 * Visits are spread evenly over the month, which makes the largest possible number of batches.
 */
export function modelBatches(visitsPerMonth: number) {
  const perShard = visitsPerMonth / secondsPerMonth / a.shards;
  const visits = Math.min(a.maxBatch, 1 + perShard * a.windowSeconds);
  const tags = countTags(visits);
  const batchesPerSecond = perShard / visits;
  // When two transactions move the total at once, one is repeated, and both are charged.
  const overlapSeconds = (2 * a.transactionLatencyMs) / 1_000;
  const conflictShare = Math.min(1, (a.shards - 1) * batchesPerSecond * overlapSeconds);
  return { visits, ...countBatchUnits(tags), perMonth: visitsPerMonth / visits, conflictShare };
}

/** A line of one section of the bill. */
type Entry = [what: string, price: PriceName, quantity: number];

function section(name: string, entries: Entry[]): Line[] {
  return entries.map(([what, price, quantity]) => ({ what: `${name}: ${what}`, price, quantity }));
}

/** The invocations of one function in a month. */
interface Work {
  invocations: number;
  cpu: CpuTimes;
  waitMs: number;
  coldShare?: number;
}

function billWork(
  { invocations, cpu, waitMs, coldShare = estimateColdShare(invocations) }: Work,
  architecture: Architecture,
): Entry[] {
  const warmMs = Math.ceil(cpu.laterCall * slowdown + waitMs);
  const coldMs = Math.ceil((cpu.load + cpu.firstCall) * slowdown + waitMs);
  const seconds = (invocations * ((1 - coldShare) * warmMs + coldShare * coldMs)) / 1_000;
  const logGb = (invocations * (invocationLogBytes + coldShare * startLogBytes)) / gigabyte;
  return [
    ['invocations', 'lambdaRequest', invocations],
    ['duration', durationPrices[architecture], (seconds * a.memoryMb) / 1_024],
    ['logs', 'logIngestion', logGb],
    ['log storage', 'logStorage', logGb * a.storedLogShare],
  ];
}

/** The share of invocations that start an environment. */
function estimateColdShare(invocationsPerMonth: number): number {
  return Math.max(a.minColdShare, Math.exp((-invocationsPerMonth / secondsPerMonth) * a.keptSeconds));
}

function billDataOut(calls: number, bytes: number): Entry {
  return ['data out', 'dataOut', (calls * (bytes + a.gatewayHeaderBytes)) / gigabyte];
}

/** The bill of a month: visits through one API, lookups, and the fixed costs. */
export function drawBill({ api, visitsPerMonth, architecture }: Traffic, measured: Measured): Line[] {
  const { units, cpuMs, answerBytes } = measured;
  const calls = visitsPerMonth * (1 + a.repeatedShare);
  const visit = api === 'web' ? 'webVisit' : 'beaconVisit';
  const visits = section('visits', [
    ['API calls', api === 'web' ? 'restApiCall' : 'httpApiCall', calls],
    ...billWork({ invocations: calls, cpu: cpuMs[visit], waitMs: a.latencyMs }, architecture),
    ['writes', 'writeUnit', calls * units[visit].write],
    billDataOut(calls, answerBytes[visit]),
  ]);
  const script = section('script', [
    ['API calls', 'httpApiCall', calls],
    ...billWork({ invocations: calls, cpu: cpuMs.scriptFetch, waitMs: 0 }, architecture),
    billDataOut(calls, answerBytes.scriptFetch),
  ]);
  const lookup = { invocations: a.lookups, cpu: cpuMs.lookup, coldShare: 1 };
  const lookups = section('lookups', [
    ['API calls', 'restApiCall', a.lookups],
    ...billWork({ ...lookup, waitMs: units.lookup.calls * a.latencyMs }, architecture),
    ['reads', 'readUnit', a.lookups * units.lookup.read],
    billDataOut(a.lookups, answerBytes.lookup),
  ]);
  return [
    ...visits,
    ...(api === 'beaconWithScript' ? script : []),
    ...section('stream', billStream(visitsPerMonth, architecture, measured)),
    ...lookups,
    ...drawIdleBill(measured, architecture),
  ];
}

function billStream(visitsPerMonth: number, architecture: Architecture, { units, cpuMs }: Measured): Entry[] {
  const batches = modelBatches(visitsPerMonth);
  const invocations = batches.perMonth * (1 + a.repeatedShare);
  const attempts = invocations * (1 + batches.conflictShare);
  const attemptMs = a.latencyMs + a.transactionLatencyMs;
  const waitMs = batches.transactions * (1 + batches.conflictShare) * attemptMs;
  const dayChanges = countTags(visitsPerMonth / a.daysPerMonth) * a.daysPerMonth;
  return [
    ...billWork({ invocations, cpu: interpolateCpu(cpuMs.batches, batches.visits), waitMs }, architecture),
    ['writes of totals', 'writeUnit', attempts * batches.write],
    ['reads of totals', 'readUnit', attempts * batches.read],
    ['writes of ended days', 'writeUnit', (dayChanges * units.dayChange.write) / units.dayChange.tags],
    ['polls', 'streamRead', a.shards * 4 * secondsPerMonth],
  ];
}

/** The fixed costs: a month without any visit. */
export function drawIdleBill({ units, cpuMs }: Measured, architecture: Architecture): Line[] {
  const { load, firstCall } = cpuMs.lookup;
  const runMs = a.reconcileWaitMs + units.reconcile.calls * a.latencyMs + (load + firstCall) * slowdown;
  const storedGb = (a.tags * (a.bytesPerTag + a.daysKept * a.bytesPerTagAndDay)) / gigabyte;
  const runs = a.daysPerMonth;
  return section('idle', [
    ['storage', 'tableStorage', storedGb],
    ['point-in-time backups', 'pointInTimeBackup', storedGb],
    ['alarms', 'alarm', a.alarms],
    ['Drift metric', 'customMetric', a.metrics],
    ['schedule', 'schedule', runs],
    ['reconcile, invocations', 'lambdaRequest', runs],
    ['reconcile, duration', durationPrices[architecture], (runs * runMs * a.memoryMb) / 1_024 / 1_000],
    ['reconcile, reads', 'readUnit', runs * units.reconcile.read],
    ['reconcile, writes', 'writeUnit', runs * units.reconcile.write],
  ]);
}

/** Processor time of a batch, on the line through the two measured sizes. */
function interpolateCpu(batches: Measured['cpuMs']['batches'], visits: number): CpuTimes {
  const [small, large] = batches;
  if (!small || !large)
    throw new RangeError('measured.json must hold the processor time of two batch sizes.');
  const share = (visits - small.visits) / (large.visits - small.visits);
  const interpolate = (name: keyof CpuTimes) => small[name] + share * (large[name] - small[name]);
  return { load: small.load, firstCall: interpolate('firstCall'), laterCall: interpolate('laterCall') };
}
