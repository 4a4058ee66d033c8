import { makeCertificate } from './certificate';
import { startFreshEngine, startNullEngine, type BenchEngine } from './engines';
import type { ProbeResult } from './probe';
import { runProbe, type HowMuch } from './runProbe';
import { ratio, spread, type Spread } from './statistics';
import { emptyName, plainName, prepareSubjects, type Subject } from './subjects';

export interface FunctionOptions {
  coldRounds: number;
  warmRounds: number;
  warmUpCalls: number;
  calls: number;
  nodeOptions: string[];
  progress: (line: string) => void;
}

const warmLimitMs = 1_000;

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
  /** The same with a TLS handshake, as on Lambda; left out where no certificate could be made. */
  firstAnswerByTlsMs?: Compared;
  cpuMicrosecondsPerCall: Compared;
  callsPerSecondOnNull: Compared;
  callsPerSecondOnEngine: Compared;
}

/** What was measured of a subject, a list by round. */
interface Samples {
  cold: ProbeResult[];
  byTls: ProbeResult[];
  onNull: ProbeResult[];
  onEngine: ProbeResult[];
}

const coldStart = { warmUpCalls: 0, calls: 0, limitMs: 0, looksAtHeap: false };

/** Measures every handler of the template and the baselines, in turns, each time in a fresh process. */
export async function measureFunctions(folder: string, options: FunctionOptions): Promise<FunctionResult[]> {
  const { coldRounds, warmRounds, warmUpCalls, calls, nodeOptions, progress } = options;
  const prepared = await prepareSubjects(folder);
  const { nullEngine, subjects, probeFile: file } = prepared;
  const certificate = makeCertificate(folder);
  const tlsEngine =
    certificate &&
    (await startNullEngine(prepared.nullEngineFile, [certificate.key, certificate.certificate]));
  try {
    const samples = new Map<Subject, Samples>(
      subjects.map((subject) => [subject, { cold: [], byTls: [], onNull: [], onEngine: [] }]),
    );
    const measure = async (
      kind: keyof Samples,
      rounds: number,
      much: HowMuch,
      openEngine: () => Promise<BenchEngine>,
      certificateFile?: string,
    ) => {
      const probe = { file, nodeOptions, ...(certificateFile === undefined ? {} : { certificateFile }) };
      for (let round = 0; round < rounds; round++) {
        progress(`functions: ${kind}, round ${round + 1} of ${rounds}`);
        for (const [subject, results] of samples) {
          const engine = await openEngine();
          try {
            results[kind].push(await runProbe(probe, subject, engine.access, much));
          } finally {
            await engine.stop();
          }
        }
      }
    };
    const warm = { warmUpCalls, calls, limitMs: warmLimitMs, looksAtHeap: false };
    const borrow =
      ({ access }: BenchEngine) =>
      () =>
        Promise.resolve({ access, stop: () => Promise.resolve() });
    await measure('cold', coldRounds, coldStart, borrow(nullEngine));
    if (tlsEngine) await measure('byTls', coldRounds, coldStart, borrow(tlsEngine), certificate.certificate);
    else progress('functions: byTls left out, for openssl made no certificate');
    await measure('onNull', warmRounds, warm, borrow(nullEngine));
    await measure('onEngine', warmRounds, warm, () => startFreshEngine(nullEngine.access.endpoint));
    return subjects.map((subject) => summarize(subject, samples));
  } finally {
    await tlsEngine?.stop();
    await nullEngine.stop();
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
  const byTls = compare((taken) => taken.byTls.map(({ firstAnswerMs }) => firstAnswerMs));
  return {
    name: subject.name,
    outcome: own.cold[0]?.outcome ?? '',
    bundleBytes: subject.bundleBytes,
    gzipBytes: subject.gzipBytes,
    loadMs: compare(aboveEmpty),
    firstAnswerMs: compare(({ cold }) => cold.map(({ firstAnswerMs }) => firstAnswerMs)),
    firstAnswerCpuMs: compare(({ cold }) => cold.map(({ firstAnswerCpuMs }) => firstAnswerCpuMs)),
    ...(own.byTls.length > 0 ? { firstAnswerByTlsMs: byTls } : {}),
    cpuMicrosecondsPerCall: compare(({ onNull }) => onNull.map((result) => result.cpuMicrosecondsPerCall)),
    callsPerSecondOnNull: compare(({ onNull }) => onNull.map(({ callsPerSecond }) => callsPerSecond)),
    callsPerSecondOnEngine: compare(({ onEngine }) => onEngine.map(({ callsPerSecond }) => callsPerSecond)),
  };
}
