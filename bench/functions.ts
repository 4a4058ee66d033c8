import { join } from 'node:path';
import { buildForNode } from '../local/functions/bundle';
import { startFreshEngine, startNullEngine, type BenchEngine } from './engines';
import type { ProbeResult } from './probe';
import { runProbe, type HowMuch } from './runProbe';
import { ratio, spread, type Spread } from './statistics';
import { buildSubjects, emptyName, plainName, type Subject } from './subjects';

export interface FunctionOptions {
  coldRounds: number;
  warmRounds: number;
  warmUpCalls: number;
  calls: number;
  heapCalls: number;
  progress: (line: string) => void;
}

const warmLimitMs = 1_000;
const heapLimitMs = 10_000;

/** A measure, and how it stands to that of the plain baseline in the same run. */
export type Compared = Spread & { ratioToPlain: number };

export interface FunctionResult {
  name: string;
  /** How a call ended: a status, `answered`, or an error. */
  outcome: string;
  bundleBytes: number;
  gzipBytes: number;
  /** Above what an empty handler takes. */
  loadMs: Compared;
  firstAnswerMs: Compared;
  firstAnswerCpuMs: Compared;
  cpuMicrosecondsPerCall: Compared;
  callsPerSecondOnNull: Compared;
  callsPerSecondOnEngine: Compared;
  heap: { calls: number; bytesBefore: number; bytesAfter: number };
}

/** What was measured of a subject, a list by round. */
interface Samples {
  cold: ProbeResult[];
  onNull: ProbeResult[];
  onEngine: ProbeResult[];
  heap: ProbeResult[];
}

/** Measures every handler of the template and the baselines, in turns, each time in a fresh process. */
export async function measureFunctions(folder: string, options: FunctionOptions): Promise<FunctionResult[]> {
  const { coldRounds, warmRounds, warmUpCalls, calls, heapCalls, progress } = options;
  const probeFile = buildForNode(join(__dirname, 'probe.ts'), join(folder, 'probe.js'));
  const nullEngine = await startNullEngine(
    buildForNode(join(__dirname, 'nullEngine.ts'), join(folder, 'nullEngine.js')),
  );
  try {
    const subjects = await buildFromTemplate(folder, nullEngine);
    const samples = new Map<Subject, Samples>(
      subjects.map((subject) => [subject, { cold: [], onNull: [], onEngine: [], heap: [] }]),
    );
    const measure = async (kind: keyof Samples, rounds: number, much: HowMuch) => {
      for (let round = 0; round < rounds; round++) {
        progress(`functions: ${kind}, round ${round + 1} of ${rounds}`);
        for (const [subject, results] of samples) {
          const engine =
            kind === 'onEngine'
              ? await startFreshEngine(nullEngine.access.endpoint)
              : { access: nullEngine.access, stop: () => Promise.resolve() };
          try {
            results[kind].push(await runProbe(probeFile, subject, engine.access, much));
          } finally {
            await engine.stop();
          }
        }
      }
    };
    await measure('cold', coldRounds, { warmUpCalls: 0, calls: 0, limitMs: 0 });
    await measure('onNull', warmRounds, { warmUpCalls, calls, limitMs: warmLimitMs });
    await measure('onEngine', warmRounds, { warmUpCalls, calls, limitMs: warmLimitMs });
    await measure('heap', 1, { warmUpCalls: 1_000, calls: heapCalls, limitMs: heapLimitMs });
    return subjects.map((subject) => summarize(subject, samples));
  } finally {
    await nullEngine.stop();
  }
}

async function buildFromTemplate(folder: string, nullEngine: BenchEngine): Promise<Subject[]> {
  const engine = await startFreshEngine(nullEngine.access.endpoint);
  try {
    return await buildSubjects(engine.template, folder);
  } finally {
    await engine.stop();
  }
}

function summarize(subject: Subject, samples: Map<Subject, Samples>): FunctionResult {
  const samplesOf = (name: string): Samples => {
    const found = [...samples].find(([candidate]) => candidate.name === name);
    if (!found) throw new Error(`${name} was not measured.`);
    return found[1];
  };
  const [own, plain, empty] = [samplesOf(subject.name), samplesOf(plainName), samplesOf(emptyName)];
  const compare = (take: (samples: Samples) => number[]): Compared => ({
    ...spread(take(own)),
    ratioToPlain: ratio(take(own), take(plain)),
  });
  const aboveEmpty = ({ cold }: Samples) =>
    cold.map(({ loadMs }, round) => loadMs - (empty.cold[round]?.loadMs ?? 0));
  const [heap] = own.heap;
  return {
    name: subject.name,
    outcome: own.cold[0]?.outcome ?? '',
    bundleBytes: subject.bundleBytes,
    gzipBytes: subject.gzipBytes,
    loadMs: compare(aboveEmpty),
    firstAnswerMs: compare(({ cold }) => cold.map(({ firstAnswerMs }) => firstAnswerMs)),
    firstAnswerCpuMs: compare(({ cold }) => cold.map(({ firstAnswerCpuMs }) => firstAnswerCpuMs)),
    cpuMicrosecondsPerCall: compare(({ onNull }) => onNull.map((result) => result.cpuMicrosecondsPerCall)),
    callsPerSecondOnNull: compare(({ onNull }) => onNull.map(({ callsPerSecond }) => callsPerSecond)),
    callsPerSecondOnEngine: compare(({ onEngine }) => onEngine.map(({ callsPerSecond }) => callsPerSecond)),
    heap: {
      calls: heap?.calls ?? 0,
      bytesBefore: heap?.heapBytesBefore ?? NaN,
      bytesAfter: heap?.heapBytesAfter ?? NaN,
    },
  };
}
