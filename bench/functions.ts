import { makeCertificate } from '../tests/support/certificate';
import { startFreshEngine, startNullEngine, type BenchEngine } from './engines';
import type { ProbeResult } from './probe';
import { runProbe, type Effort } from './runProbe';
import { ratio, spread, type Spread } from './statistics';
import { emptyName, findSubject, plainName, prepareSubjects, type Subject } from './subjects';

export interface FunctionOptions {
  coldRounds: number;
  warmRounds: number;
  warmUpCalls: number;
  calls: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

const warmLimitMs = 1_000;

/** A measure, and its ratio to the plain baseline in the same run. */
export type Compared = Spread & { ratioToPlain: number };

export interface FunctionResult {
  name: string;
  /** The outcomes of all first calls: statuses, `answered`, or errors. */
  outcome: string;
  bundleBytes: number;
  gzipBytes: number;
  /** Without the load time of an empty handler. */
  loadMs: Compared;
  firstAnswerMs: Compared;
  firstAnswerCpuMs: Compared;
  /** The same with a TLS handshake, as on Lambda, though with a shorter chain of certificates. */
  firstAnswerByTlsMs: Compared;
  firstAnswerByTlsCpuMs: Compared;
  cpuMicrosecondsPerCall: Compared;
  callsPerSecondOnNull: Compared;
  callsPerSecondOnEngine: Compared;
}

/** The results of one subject, each list by round. */
interface Samples {
  cold: ProbeResult[];
  byTls: ProbeResult[];
  onNull: ProbeResult[];
  onEngine: ProbeResult[];
}

const labels: Record<keyof Samples, string> = {
  cold: 'cold starts',
  byTls: 'cold starts over TLS',
  onNull: 'warm calls on the null engine',
  onEngine: 'warm calls on the embedded engine',
};

const coldStart = { warmUpCalls: 0, calls: 0, limitMs: 0, looksAtHeap: false };

/** Measures every handler of the template and the baselines. Each round takes them in turn, each in a fresh process. */
export async function measureFunctions(folder: string, options: FunctionOptions): Promise<FunctionResult[]> {
  const { coldRounds, warmRounds, warmUpCalls, calls, nodeOptions, progress } = options;
  const prepared = await prepareSubjects(folder);
  const { nullEngine, subjects, probeFile: file } = prepared;
  const { key, certificate } = await makeCertificate(folder);
  const tlsEngine = await startNullEngine(prepared.nullEngineFile, [key, certificate]);
  try {
    const samples = new Map<Subject, Samples>(
      subjects.map((subject) => [subject, { cold: [], byTls: [], onNull: [], onEngine: [] }]),
    );
    const measure = async (
      kind: keyof Samples,
      rounds: number,
      effort: Effort,
      openEngine: () => Promise<BenchEngine>,
      certificateFile?: string,
    ) => {
      const probe = { file, nodeOptions, ...(certificateFile === undefined ? {} : { certificateFile }) };
      for (let round = 0; round < rounds; round++) {
        progress(`functions: ${labels[kind]}, round ${round + 1} of ${rounds}`);
        for (const [subject, results] of samples) {
          const engine = await openEngine();
          try {
            results[kind].push(await runProbe(probe, subject, engine.access, effort));
          } finally {
            await engine.stop();
          }
        }
      }
    };
    const warm = { warmUpCalls, calls, limitMs: warmLimitMs, looksAtHeap: false };
    /** All rounds share this engine, so stopping it after one of them does nothing. */
    const share =
      ({ access }: BenchEngine) =>
      () =>
        Promise.resolve({ access, stop: () => Promise.resolve() });
    await measure('cold', coldRounds, coldStart, share(nullEngine));
    await measure('byTls', coldRounds, coldStart, share(tlsEngine), certificate);
    await measure('onNull', warmRounds, warm, share(nullEngine));
    await measure('onEngine', warmRounds, warm, () => startFreshEngine(nullEngine.access.endpoint));
    return subjects.map((subject) => summarize(subject, samples));
  } finally {
    await tlsEngine.stop();
    await nullEngine.stop();
  }
}

function summarize(subject: Subject, samples: Map<Subject, Samples>): FunctionResult {
  const samplesOf = (id: string): Samples => {
    const found = samples.get(findSubject([...samples.keys()], id));
    if (!found) throw new Error(`${id} was not measured.`);
    return found;
  };
  const [own, plain, empty] = [samplesOf(subject.id), samplesOf(plainName), samplesOf(emptyName)];
  const compare = (take: (samples: Samples) => number[]): Compared => ({
    ...spread(take(own)),
    ratioToPlain: ratio(take(own), take(plain)),
  });
  const aboveEmpty = ({ cold }: Samples) =>
    cold.map(({ loadMs }, round) => loadMs - (empty.cold[round]?.loadMs ?? 0));
  const all = [own.cold, own.byTls, own.onNull, own.onEngine].flat();
  return {
    name: subject.name,
    outcome: [...new Set(all.map((result) => result.outcome))].join(', '),
    bundleBytes: subject.bundleBytes,
    gzipBytes: subject.gzipBytes,
    loadMs: compare(aboveEmpty),
    firstAnswerMs: compare(({ cold }) => cold.map(({ firstAnswerMs }) => firstAnswerMs)),
    firstAnswerCpuMs: compare(({ cold }) => cold.map(({ firstAnswerCpuMs }) => firstAnswerCpuMs)),
    firstAnswerByTlsMs: compare(({ byTls }) => byTls.map(({ firstAnswerMs }) => firstAnswerMs)),
    firstAnswerByTlsCpuMs: compare(({ byTls }) => byTls.map(({ firstAnswerCpuMs }) => firstAnswerCpuMs)),
    cpuMicrosecondsPerCall: compare(({ onNull }) => onNull.map((result) => result.cpuMicrosecondsPerCall)),
    callsPerSecondOnNull: compare(({ onNull }) => onNull.map(({ callsPerSecond }) => callsPerSecond)),
    callsPerSecondOnEngine: compare(({ onEngine }) => onEngine.map(({ callsPerSecond }) => callsPerSecond)),
  };
}
