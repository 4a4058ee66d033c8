import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildForNode, buildFunction } from '../../local/functions/bundle';
import { functionVariables } from '../../local/functions/variables';
import { credentials, region, startTestEngine } from '../../tests/support/engine';
import { makeFolder } from '../../tests/support/runner';
import type { CpuTimes } from './cpuProbe';
import { VisitStream } from './stream';
import { look, pageVisit, scriptFetch, webVisit } from './units';

const calls = 400;

/** Batch sizes between which the processor's time is taken to grow evenly. */
const smallBatch = 1;
const largeBatch = 100;

export interface MeasuredCpu {
  webVisit: CpuTimes;
  pageVisit: CpuTimes;
  look: CpuTimes;
  scriptFetch: CpuTimes;
  batches: (CpuTimes & { visits: number })[];
}

/** Processor time of the functions, built as they are deployed, on this machine. */
export async function measureCpu(): Promise<MeasuredCpu> {
  const engine = await startTestEngine();
  const { functions } = engine.openTemplate().application();
  const folder = makeFolder();
  const probe = buildForNode(join(__dirname, 'cpuProbe.ts'), join(folder, 'cpuProbe.js'));
  const run = async (id: string, events: unknown[]): Promise<CpuTimes> => {
    const definition = functions.find((candidate) => candidate.id === id);
    if (!definition) throw new Error(`The template has no function ${id}.`);
    const bundle = await buildFunction(definition, folder);
    const eventsFile = join(folder, 'events.json');
    writeFileSync(eventsFile, JSON.stringify(events));
    const env = functionVariables(definition, bundle, { region, credentials, endpoint: engine.endpoint });
    const { stdout } = await promisify(execFile)(process.execPath, [probe, bundle.handlerFile, eventsFile], {
      env,
    });
    await bundle.dispose();
    return JSON.parse(stdout) as CpuTimes;
  };
  const repeat = (event: unknown) => Array.from({ length: calls }, () => event);
  const batches: MeasuredCpu['batches'] = [];
  const stream = new VisitStream();
  for (const visits of [smallBatch, largeBatch]) {
    const events = Array.from({ length: calls }, () => stream.next(visits, visits));
    batches.push({ visits, ...(await run('StreamProcessorFunction', events)) });
  }
  return {
    webVisit: await run('RecordVisitFunction', repeat(webVisit)),
    pageVisit: await run('RecordVisitFunction', repeat(pageVisit)),
    look: await run('ViewCountsFunction', repeat(look)),
    scriptFetch: await run('SnippetFunction', repeat(scriptFetch)),
    batches,
  };
}
