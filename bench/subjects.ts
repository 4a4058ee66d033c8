import { existsSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildForNode, buildFunction } from '../local/functions/bundle';
import { functionVariables, type CloudAccess } from '../local/functions/variables';
import type { FunctionDefinition, Template } from '../local/template/application';
import type { Properties } from '../local/template/properties';
import { projectFolder } from '../tests/support/engine';
import { startFreshEngine, startNullEngine, type BenchEngine } from './engines';

/** A handler to measure: a function of the template, or a baseline. */
export interface Subject {
  /** The function's logical id, or the baseline's name. */
  id: string;
  name: string;
  handlerFile: string;
  exportName: string;
  /** The whole environment of the process. */
  variables: (access: CloudAccess) => Record<string, string>;
  events: unknown[];
  bundleBytes: number;
  gzipBytes: number;
}

export const emptyName = 'baseline: empty';
export const plainName = 'baseline: plain';

/** The build settings of the SAM documentation that load fastest. */
const plainProperties = { Format: 'cjs', MainFields: 'module,main', Minify: true, Target: 'node24' };
/** The build settings of `sam init` for a function in TypeScript. */
const starterProperties = { Minify: true, Target: 'es2020', Sourcemap: true };

/** Everything that a measurement of handlers needs. The caller stops the null engine. */
export interface Prepared {
  subjects: Subject[];
  nullEngine: BenchEngine;
  nullEngineFile: string;
  probeFile: string;
}

/** @param folder for the built files */
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

/** @param id a function's logical id, or a baseline's name */
export function findSubject(subjects: readonly Subject[], id: string): Subject {
  const found = subjects.find((subject) => subject.id === id);
  if (!found) throw new Error(`There is no handler ${id} to measure.`);
  return found;
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
  const code = readFileSync(bundle.handlerFile);
  return {
    id: definition.id,
    name: definition.id.startsWith('baseline') ? definition.id : handlerStem(definition),
    handlerFile: bundle.handlerFile,
    exportName: bundle.exportName,
    variables: (access) => functionVariables(definition, bundle, access),
    events: [readEvent(eventStem)],
    bundleBytes: code.length,
    gzipBytes: gzipSync(code).length,
  };
}

function handlerStem({ handler }: FunctionDefinition): string {
  return basename(handler, extname(handler));
}

function readEvent(stem: string): unknown {
  const file = join(projectFolder, 'events', `${stem}.json`);
  if (!existsSync(file))
    throw new Error(`events/${stem}.json is missing. The bench calls the handler ${stem} with it.`);
  return JSON.parse(readFileSync(file, 'utf8'));
}
