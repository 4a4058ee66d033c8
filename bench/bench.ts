import { cpus } from 'node:os';
import { makeFolder } from '../tests/support/runner';
import { measureBatches } from './batches';
import { printProgress, runCommand, UsageError } from './command';
import { measureFunctions } from './functions';
import { measureHeaps } from './heap';
import { formatReport, type BenchResults } from './report';
import { measureVisits } from './visits';
import { measureWriteUnits } from './writeUnits';

const partNames = ['functions', 'heap', 'batches', 'visits', 'write-units'] as const;
type Part = (typeof partNames)[number];

const help = `npm run bench measures every function of the template and compares it with two baselines: an empty handler, and
a plain one that counts a visit with SDK v3. It takes about fifteen minutes. Other work on the machine widens the spread.

  npm run bench -- [--json] [--short] [--only PART …] [--heap-calls N] [--node-option=OPTION …]

  --json                   print one JSON object instead of tables
  --short                  run few rounds, to check that the bench works; the figures mean nothing
  --only PART              run this part only; can be repeated. Parts:
                             functions    load, first answer and calls per second of each handler
                             heap         heap of each handler before and after many calls
                             batches      time of the stream processor for batches of ${(1_000).toLocaleString('en')} records
                             visits       visits per second through npm start, and the lag of the total
                             write-units  write units of five ways to add up visits
  --heap-calls N           calls between the two readings of a heap (default: 10000, with --short 50)
  --node-option=OPTION     start the handlers' processes with an option of Node.js, as Lambda does with
                           --expose-gc; can be repeated
  --help                   print this text

Progress goes to stderr. To measure with the Node.js that Lambda runs: npx -p node@24 -c 'npm run bench'
`;

const long = {
  functions: { coldRounds: 11, warmRounds: 3, warmUpCalls: 500, calls: 2_000 },
  heap: { calls: 10_000 },
  batches: { rounds: 3 },
  visits: { seconds: 10, rates: [100, 500] },
};
const short = {
  functions: { coldRounds: 2, warmRounds: 1, warmUpCalls: 5, calls: 20 },
  heap: { calls: 50 },
  batches: { rounds: 1 },
  visits: { seconds: 2, rates: [50] },
};

const options = {
  json: { type: 'boolean', default: false },
  short: { type: 'boolean', default: false },
  only: { type: 'string', multiple: true, default: [...partNames] as string[] },
  'heap-calls': { type: 'string' },
  'node-option': { type: 'string', multiple: true, default: [] as string[] },
} as const;

runCommand(help, options, async ({ json, short: isShort, only, ...values }) => {
  const unknown = only.filter((name) => !partNames.includes(name as Part));
  if (unknown.length > 0) throw new UsageError(`There is no part ${unknown.join(', ')}.`);
  const settings = isShort ? short : long;
  const calls = Number(values['heap-calls'] ?? settings.heap.calls);
  if (!(Number.isSafeInteger(calls) && calls > 0))
    throw new UsageError('--heap-calls must be a whole number above 0.');

  const results: BenchResults = {
    node: process.versions.node,
    nodeOptions: values['node-option'],
    processors: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
  };
  const has = (part: Part) => only.includes(part);
  const common = { nodeOptions: values['node-option'], progress: printProgress };
  const folder = makeFolder();
  if (has('functions'))
    results.functions = await measureFunctions(folder, { ...settings.functions, ...common });
  if (has('heap')) results.heaps = await measureHeaps(folder, { calls, ...common });
  if (has('batches')) results.batches = await measureBatches(folder, { ...settings.batches, ...common });
  if (has('visits'))
    results.visits = await measureVisits(folder, { ...settings.visits, progress: printProgress });
  if (has('write-units')) results.writeUnits = await measureWriteUnits(isShort, printProgress);
  process.stdout.write(`${json ? JSON.stringify(results) : formatReport(results)}\n`);
});
