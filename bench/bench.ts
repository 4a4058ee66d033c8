import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureBatches } from './batches';
import { measureFunctions } from './functions';
import { measureHeaps } from './heap';
import { formatReport, type BenchResults } from './report';
import { measureVisits } from './visits';
import { measureWriteUnits } from './writeUnits';

const partNames = ['functions', 'heap', 'batches', 'visits', 'write-units'] as const;
type Part = (typeof partNames)[number];

const help = `npm run bench measures every function of the template, beside two baselines: an empty handler, and a plain one
that counts a visit by SDK v3. It takes about fifteen minutes; what else the machine does shows in the spread.

  npm run bench -- [--json] [--short] [--only PART …] [--heap-calls N] [--node-option=OPTION …]

  --json                   one JSON object on stdout, in place of the tables
  --short                  few rounds, to see that it works; the figures mean nothing
  --only PART …            ${partNames.join(', ')}
  --heap-calls N           calls between the two looks at a heap (default: 10000)
  --node-option=OPTION …   start the handlers' processes with it, as Lambda does with --expose-gc
  --help                   this text

By the Node.js that the functions have on Lambda: npx -p node@24 -c 'npm run bench'
`;

const long = {
  functions: { coldRounds: 11, warmRounds: 3, warmUpCalls: 500, calls: 2_000 },
  batches: { rounds: 3 },
  visits: { seconds: 10, rates: [100, 500] },
};
const short = {
  functions: { coldRounds: 2, warmRounds: 1, warmUpCalls: 5, calls: 20 },
  batches: { rounds: 1 },
  visits: { seconds: 2, rates: [50] },
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      short: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [...partNames] },
      'heap-calls': { type: 'string' },
      'node-option': { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(help);
    return;
  }
  const settings = values.short ? short : long;
  const heapCalls = Number(values['heap-calls'] ?? (values.short ? 50 : 10_000));
  const unknown = values.only.filter((name) => !partNames.includes(name as Part));
  if (unknown.length > 0) throw new Error(`There is no part ${unknown.join(', ')}.`);
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const has = (part: Part) => values.only.includes(part);
  const common = { nodeOptions: values['node-option'], progress };

  const [processor] = cpus();
  const results: BenchResults = {
    node: process.versions.node,
    nodeOptions: values['node-option'],
    processors: `${cpus().length} × ${processor?.model ?? 'unknown'}`,
  };
  const folder = mkdtempSync(join(tmpdir(), 'footfall-bench-'));
  try {
    if (has('functions'))
      results.functions = await measureFunctions(folder, { ...settings.functions, ...common });
    if (has('heap')) results.heaps = await measureHeaps(folder, { calls: heapCalls, ...common });
    if (has('batches')) results.batches = await measureBatches(folder, { ...settings.batches, ...common });
    if (has('visits')) results.visits = await measureVisits(folder, { ...settings.visits, progress });
    if (has('write-units')) results.writeUnits = await measureWriteUnits(values.short, progress);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${values.json ? JSON.stringify(results) : formatReport(results)}\n`);
}

// The SDK says at every start that it will need a newer Node.js; that is not what is measured.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
