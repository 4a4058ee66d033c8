import { assumptions as a } from './assumptions';
import { countLogBytes, invocationLines, startLines } from './logLines';
import type { CpuTimes } from './cpuProbe';
import type { Measured } from './measure';
import type { Line, PriceName } from './prices';

export type Door = 'web' | 'page' | 'pageWithScript';
export type Architecture = 'x86_64' | 'arm64';

export interface Traffic {
  door: Door;
  visitsPerMonth: number;
  architecture: Architecture;
}

const secondsPerMonth = a.daysPerMonth * 86_400;
const gigabyte = 1e9;
/** Work of one processor takes so many times as long on the share of one that the functions get. */
const slowdown = a.memoryMbPerProcessor / a.memoryMb;

/** Write units of a transaction that moves some tags and the total; reads are half of it. As measured: see the test. */
export function countBatchUnits(tags: number): { write: number; read: number; transactions: number } {
  const transactions = Math.ceil(tags / 99);
  return { write: 2 * (tags + transactions), read: tags + transactions, transactions };
}

/** How many of all tags turn up in so many visits. */
function countTags(visits: number): number {
  return a.tags * (1 - (1 - 1 / a.tags) ** visits);
}

/**
 * How visits fall into batches: a shard's batch opens with a visit and takes what comes in its window. Visits are taken to
 * be spread evenly over the month, which makes the most batches there can be.
 */
export function modelBatches(visitsPerMonth: number) {
  const perShard = visitsPerMonth / secondsPerMonth / a.shards;
  const visits = Math.min(a.maxBatch, 1 + perShard * a.windowSeconds);
  const tags = countTags(visits);
  const units = countBatchUnits(tags);
  const batchesPerSecond = perShard / visits;
  // Two transactions that move the total at once: one of them is repeated, and both are charged.
  const overlapSeconds = (2 * a.transactionLatencyMs) / 1_000;
  const conflictShare = Math.min(1, (a.shards - 1) * batchesPerSecond * overlapSeconds);
  return { visits, tags, ...units, perMonth: visitsPerMonth / visits, conflictShare };
}

/** The share of invocations that start an environment. */
function coldShare(invocationsPerMonth: number): number {
  return Math.max(a.coldShareAtLeast, Math.exp((-invocationsPerMonth / secondsPerMonth) * a.keptSeconds));
}

interface Work {
  what: string;
  invocations: number;
  cpu: CpuTimes;
  waitMs: number;
  cold?: number;
}

/** A month's bill of visits through one door, and of all that stands idle. */
export function drawBill({ door, visitsPerMonth, architecture }: Traffic, measured: Measured): Line[] {
  const { units, cpuMs, answerBytes } = measured;
  const lines: Line[] = [];
  const add = (what: string, price: PriceName, quantity: number) => lines.push({ what, price, quantity });
  const lambda = architecture === 'arm64' ? 'lambdaArm' : 'lambdaX86';
  const run = ({ what, invocations, cpu, waitMs, cold = coldShare(invocations) }: Work) => {
    const warmMs = Math.ceil(cpu.laterCall * slowdown + waitMs);
    const coldMs = Math.ceil((cpu.load + cpu.firstCall) * slowdown + waitMs);
    const seconds = (invocations * ((1 - cold) * warmMs + cold * coldMs)) / 1_000;
    add(`${what}: invocations`, 'lambdaRequest', invocations);
    add(`${what}: duration`, lambda, (seconds * a.memoryMb) / 1_024);
    const bytes = invocations * (countLogBytes(invocationLines) + cold * countLogBytes(startLines));
    add(`${what}: logs`, 'logIngestion', bytes / gigabyte);
    add(`${what}: logs, kept`, 'logStorage', (bytes * a.storedLogShare) / gigabyte);
  };
  const answer = (what: string, calls: number, bytes: number) => {
    add(`${what}: data out`, 'dataOut', (calls * (bytes + a.gatewayHeaderBytes)) / gigabyte);
  };

  const calls = visitsPerMonth * (1 + a.repeatedShare);
  const [api, visit, visitCpu, visitBytes] =
    door === 'web'
      ? (['restApiCall', units.visit.web, cpuMs.webVisit, answerBytes.webVisit] as const)
      : (['httpApiCall', units.visit.page, cpuMs.pageVisit, answerBytes.pageVisit] as const);
  add('visits: API calls', api, calls);
  run({ what: 'visits', invocations: calls, cpu: visitCpu, waitMs: a.latencyMs });
  add('visits: writes', 'writeUnit', calls * visit.write);
  answer('visits', calls, visitBytes);
  if (door === 'pageWithScript') {
    add('script: API calls', 'httpApiCall', calls);
    run({ what: 'script', invocations: calls, cpu: cpuMs.scriptFetch, waitMs: 0 });
    answer('script', calls, answerBytes.scriptFetch);
  }

  const batches = modelBatches(visitsPerMonth);
  const batchRuns = batches.perMonth * (1 + a.repeatedShare);
  const tries = batchRuns * (1 + batches.conflictShare);
  run({
    what: 'stream',
    invocations: batchRuns,
    cpu: interpolateCpu(cpuMs.batches, batches.visits),
    waitMs: batches.transactions * (1 + batches.conflictShare) * (a.latencyMs + a.transactionLatencyMs),
  });
  add('stream: writes of totals', 'writeUnit', tries * batches.write);
  add('stream: reads of totals', 'readUnit', tries * batches.read);
  const turns = countTags(visitsPerMonth / a.daysPerMonth) * a.daysPerMonth;
  add('stream: days that end', 'writeUnit', (turns * units.dayTurn.write) / units.dayTurn.tags);
  add('stream: polls', 'streamRead', a.shards * 4 * secondsPerMonth);

  add('looks: API calls', 'restApiCall', a.looks);
  run({
    what: 'looks',
    invocations: a.looks,
    cpu: cpuMs.look,
    waitMs: units.look.calls * a.latencyMs,
    cold: 1,
  });
  add('looks: reads', 'readUnit', a.looks * units.look.read);
  answer('looks', a.looks, answerBytes.look);

  return [...lines, ...drawIdleBill(measured, architecture)];
}

/** What a month costs without a single visit. */
export function drawIdleBill({ units, cpuMs }: Measured, architecture: Architecture): Line[] {
  const { load, firstCall } = cpuMs.look;
  const runMs = a.reconcileWaitMs + units.reconcile.calls * a.latencyMs + (load + firstCall) * slowdown;
  const storedGb = (a.tags * (a.bytesPerTag + a.daysKept * a.bytesPerTagAndDay)) / gigabyte;
  const runs = a.daysPerMonth;
  return [
    { what: 'idle: storage', price: 'tableStorage', quantity: storedGb },
    { what: 'idle: point-in-time backups', price: 'pointInTimeBackup', quantity: storedGb },
    { what: 'idle: alarms', price: 'alarm', quantity: a.alarms },
    { what: 'idle: metric of drift', price: 'customMetric', quantity: a.metrics },
    { what: 'idle: schedule', price: 'schedule', quantity: runs },
    { what: 'idle: reconcile, invocations', price: 'lambdaRequest', quantity: runs },
    {
      what: 'idle: reconcile, duration',
      price: architecture === 'arm64' ? 'lambdaArm' : 'lambdaX86',
      quantity: (runs * runMs * a.memoryMb) / 1_024 / 1_000,
    },
    { what: 'idle: reconcile, reads', price: 'readUnit', quantity: runs * units.reconcile.read },
    { what: 'idle: reconcile, writes', price: 'writeUnit', quantity: runs * units.reconcile.write },
  ];
}

/** The processor's time for a batch between the measured ones, or beyond. */
function interpolateCpu(batches: Measured['cpuMs']['batches'], visits: number): CpuTimes {
  const [small, large] = batches;
  if (!small || !large) throw new RangeError('Two sizes of batches have to be measured.');
  const share = (visits - small.visits) / (large.visits - small.visits);
  const between = (name: keyof CpuTimes) => small[name] + share * (large[name] - small[name]);
  return { load: small.load, firstCall: between('firstCall'), laterCall: between('laterCall') };
}
