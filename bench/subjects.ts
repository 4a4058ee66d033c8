import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildForNode, buildFunction } from '../local/functions/bundle';
import { functionVariables, type CloudAccess } from '../local/functions/variables';
import type { FunctionDefinition, Template } from '../local/template/application';
import type { Properties } from '../local/template/properties';
import { projectFolder } from '../tests/support/engine';
import { startFreshEngine, startNullEngine, type BenchEngine } from './engines';

/** A handler that is measured: a function of the template, or a baseline. */
export interface Subject {
  name: string;
  handlerFile: string;
  exportName: string;
  /** The process's whole environment. */
  variables: (access: CloudAccess) => Record<string, string>;
  event: unknown;
  bundleBytes: number;
  gzipBytes: number;
}

export const emptyName = 'baseline: empty';
export const plainName = 'baseline: plain';

/** What loads fastest of what the SAM documentation shows. */
const plainProperties = { Format: 'cjs', MainFields: 'module,main', Minify: true, Target: 'node24' };
/** What `sam init` gives to a function in TypeScript. */
const starterProperties = { Minify: true, Target: 'es2020', Sourcemap: true };

/** What the measures of handlers begin with. Whoever takes it stops the null engine. */
export interface Prepared {
  subjects: Subject[];
  nullEngine: BenchEngine;
  nullEngineFile: string;
  probeFile: string;
}

/** @param folder where all of it is built to */
export async function prepareSubjects(folder: string): Promise<Prepared> {
  const probeFile = buildForNode(join(__dirname, 'probe.ts'), join(folder, 'probe.js'));
  const nullEngineFile = buildForNode(join(__dirname, 'nullEngine.ts'), join(folder, 'nullEngine.js'));
  const nullEngine = await startNullEngine(nullEngineFile);
  const engine = await startFreshEngine(nullEngine.access.endpoint);
  try {
    const subjects = await buildSubjects(engine.template, folder);
    return { subjects, nullEngine, nullEngineFile, probeFile };
  } finally {
    await engine.stop();
  }
}

/** Builds the baselines and every function of the template as `npm start` and `sam build` would. */
async function buildSubjects(template: Template, folder: string): Promise<Subject[]> {
  const { functions } = template.application();
  const model = functions.find(({ id }) => id === 'RecordVisitFunction');
  if (!model) throw new Error('The template has no RecordVisitFunction.');
  const baseline = (
    id: string,
    stem: string,
    properties: Properties = plainProperties,
  ): FunctionDefinition => ({
    ...model,
    id,
    codeUri: join(projectFolder, 'bench/baseline'),
    handler: `${stem}.handler`,
    esbuild: { ...properties, EntryPoints: [`${stem}.ts`] },
  });
  const event = 'recordVisit';
  return Promise.all([
    buildSubject(baseline(emptyName, 'empty'), folder, event),
    buildSubject(baseline(plainName, 'workshop'), folder, event),
    buildSubject(
      baseline(`${plainName}, built as sam init does`, 'workshop', starterProperties),
      folder,
      event,
    ),
    ...functions
      .filter(({ isRun }) => isRun)
      .map((definition) => buildSubject(definition, folder, handlerStem(definition))),
  ]);
}

async function buildSubject(
  definition: FunctionDefinition,
  folder: string,
  eventStem: string,
): Promise<Subject> {
  const bundle = await buildFunction(definition, folder);
  await bundle.dispose(); // it would watch the sources
  const code = readFileSync(bundle.handlerFile);
  return {
    name: definition.id.startsWith('baseline') ? definition.id : handlerStem(definition),
    handlerFile: bundle.handlerFile,
    exportName: bundle.exportName,
    variables: (access) => functionVariables(definition, bundle, access),
    event: readEvent(eventStem),
    bundleBytes: code.length,
    gzipBytes: gzipSync(code).length,
  };
}

function handlerStem({ handler }: FunctionDefinition): string {
  return basename(handler, extname(handler));
}

function readEvent(stem: string): unknown {
  const file = join(projectFolder, 'events', `${stem}.json`);
  if (!existsSync(file)) throw new Error(`There is no events/${stem}.json to call the handler ${stem} with.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
