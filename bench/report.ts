import type { BatchResult } from './batches';
import type { Compared, FunctionResult } from './functions';
import type { HeapResult } from './heap';
import { formatNumber, formatTable } from './table';
import type { VisitResults } from './visits';
import type { WriteUnitResult } from './writeUnits';

/** One run of the bench, as `--json` prints it. Parts that were not selected are missing. */
export interface BenchResults {
  node: string;
  nodeOptions: string[];
  processors: string;
  functions?: FunctionResult[];
  heaps?: HeapResult[];
  batches?: BatchResult[];
  visits?: VisitResults;
  writeUnits?: WriteUnitResult[];
}

/** A run as Markdown. */
export function formatReport({
  node,
  nodeOptions,
  processors,
  functions,
  heaps,
  batches,
  visits,
  writeUnits,
}: BenchResults): string {
  const parts = [`${['Node.js', node, ...nodeOptions].join(' ')}, ${processors}.`];
  if (functions) parts.push(formatFunctions(functions));
  if (heaps) parts.push(formatHeaps(heaps));
  if (batches) parts.push(formatBatches(batches));
  if (visits) parts.push(formatVisits(visits));
  if (writeUnits) parts.push(formatWriteUnits(writeUnits));
  return parts.join('\n\n');
}

function formatFunctions(functions: FunctionResult[]): string {
  const measured = (compared: Compared, digits = 0) => {
    const [median, low, high] = [compared.median, compared.low, compared.high].map((value) =>
      formatNumber(value, digits),
    );
    return `${median} (${low}–${high}) ×${compared.ratioToPlain.toFixed(2)}`;
  };
  const rows = functions.map((result) => [
    result.name,
    `${formatNumber(result.bundleBytes / 1_000)} / ${formatNumber(result.gzipBytes / 1_000)}`,
    measured(result.loadMs, 1),
    measured(result.firstAnswerMs, 1),
    measured(result.firstAnswerCpuMs, 1),
    measured(result.firstAnswerByTlsMs, 1),
    measured(result.firstAnswerByTlsCpuMs, 1),
    measured(result.cpuMicrosecondsPerCall),
    measured(result.callsPerSecondOnNull),
    measured(result.callsPerSecondOnEngine),
    result.outcome,
  ]);
  const head = [
    'handler',
    'bundle / gzip, kB',
    'load, ms',
    'load + first answer, ms',
    'of which CPU, ms',
    'load + first answer over TLS, ms',
    'of which CPU, ms',
    'CPU per call, µs',
    'calls/s, null engine',
    'calls/s, dynoxide',
    'answer',
  ];
  return `Median (middle half) ×ratio to the plain baseline.\n\n${formatTable(head, rows)}`;
}

function formatHeaps(heaps: HeapResult[]): string {
  const rows = heaps.map(({ name, calls, bytesBefore, bytesAfter }) => [
    name,
    formatNumber(calls),
    ...[bytesBefore, bytesAfter].map((bytes) => formatNumber(bytes / 1e6, 2)),
  ]);
  return formatTable(['handler', 'calls', 'heap before, MB', 'heap after, MB'], rows);
}

function formatBatches(batches: BatchResult[]): string {
  const rows = batches.map(({ records, tags, milliseconds }) => [
    formatNumber(records),
    formatNumber(tags),
    `${formatNumber(milliseconds.median)} (${formatNumber(milliseconds.low)}–${formatNumber(milliseconds.high)})`,
  ]);
  return formatTable(['records in a batch', 'tags', 'processed in, ms'], rows);
}

function formatVisits({ full, lag }: VisitResults): string {
  const rate = formatNumber(full.visitsPerSecond);
  const sentence =
    `Through \`npm start\`, ${full.atOnce} at once: ${rate} visits a second, p50 ${full.p50Ms} ms, ` +
    `p99 ${full.p99Ms} ms, ${full.failures} failures.`;
  const rows = lag.map((result) => [
    formatNumber(result.offeredPerSecond),
    formatNumber(result.answeredPerSecond),
    ...[result.p50Ms, result.p99Ms, result.maxMs].map((value) => formatNumber(value)),
    formatNumber(result.failures),
  ]);
  const head = ['visits/s offered', 'answered', 'lag p50, ms', 'lag p99, ms', 'lag max, ms', 'failures'];
  return `${sentence}\n\n${formatTable(head, rows)}`;
}

function formatWriteUnits(results: WriteUnitResult[]): string {
  const tagCounts = [...new Set(results.map(({ tags }) => tags))];
  const lines = [...new Set(results.map(({ scheme, batchSize }) => `${scheme}|${batchSize}`))];
  const rows = lines.map((line) => {
    const own = results.filter(({ scheme, batchSize }) => line === `${scheme}|${batchSize}`);
    const [scheme = '', batchSize = ''] = line.split('|');
    return [
      scheme,
      formatNumber(Number(batchSize)),
      ...own.map(({ unitsPerVisit }) => unitsPerVisit.toFixed(3)),
    ];
  });
  const head = [
    'write units a visit',
    'batch',
    ...tagCounts.map((tags) => `${tags} tag${tags === 1 ? '' : 's'}`),
  ];
  return formatTable(head, rows);
}
