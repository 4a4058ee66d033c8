import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { assertBuilt, bootstrapFile, bootstrapTask, planBundle } from '../../local/functions/bundle';
import { BundleBuilder } from '../../local/functions/bundleBuilder';
import { Template, type FunctionDefinition } from '../../local/template/application';
import { readTemplate } from '../../local/template/read';
import type { RawTemplate } from '../../local/template/scope';

export const projectFolder = join(__dirname, '../..');
export const templatePath = join(projectFolder, 'template.yaml');
export const region = 'us-east-1';

/**
 * The part of the application that a runner runs. `visits` omits the functions that neither count nor show visits, so it
 * starts in half the time. With `source` the runner builds the functions itself.
 */
export type ApplicationPart = 'whole' | 'visits' | 'source';

/** The last function is a trigger that the user pool requires. */
const visitFunctions = [
  'RecordVisitFunction',
  'ViewCountsFunction',
  'StreamProcessorFunction',
  'RecordMemberFunction',
];

/** This variable passes the folder that `buildApplication` filled to the test processes. */
const folderVariable = 'FOOTFALL_TEST_APPLICATION';
const cacheFolder = join(projectFolder, 'node_modules/.cache/footfall-tests');
const maxUnusedMs = 60 * 60 * 1_000;

/** All files that determine a build. */
const sources = [
  ...['src', 'template.yaml', 'tsconfig.json', 'package-lock.json'],
  ...['local/functions', 'tests/support/application.ts'],
];

/** The template that functions and runners start from: the project's own unless an application was built. */
export function applicationTemplate(part: ApplicationPart = 'whole'): string {
  const folder = process.env[folderVariable];
  return folder === undefined || part === 'source' ? templatePath : join(folder, `${part}.json`);
}

/** The built file that runs inside every environment; undefined unless an application was built. */
export function builtBootstrap(): string | undefined {
  const folder = process.env[folderVariable];
  return folder === undefined ? undefined : bootstrapFile(folder);
}

/**
 * Builds every function once for all tests, as `sam build` does: one folder per function, and a template that refers to
 * the folders. A build is cached under a hash of its sources, so that the next run can reuse it.
 */
export async function buildApplication(): Promise<void> {
  const folder = join(cacheFolder, hashSources());
  mkdirSync(cacheFolder, { recursive: true });
  if (!existsSync(folder)) await buildInto(folder);
  const now = new Date();
  utimesSync(folder, now, now);
  removeUnusedBuilds();
  process.env[folderVariable] = folder;
}

async function buildInto(folder: string): Promise<void> {
  // The folder has a temporary name until it is complete, because two runs may build at once.
  const scratch = mkdtempSync(join(cacheFolder, 'building-'));
  const raw = readTemplate(templatePath);
  const built = listFunctions(raw).filter(({ esbuild }) => esbuild);
  const tasks = built.flatMap((definition) => planBundle(definition, scratch).task ?? []);
  assertBuilt(await new BundleBuilder(scratch).build([bootstrapTask, ...tasks]));
  const template = pointAtBundles(raw, built, folder);
  writeFileSync(join(scratch, 'whole.json'), JSON.stringify(template));
  writeFileSync(join(scratch, 'visits.json'), JSON.stringify(keepFunctions(template, visitFunctions)));
  try {
    renameSync(scratch, folder);
  } catch (error) {
    rmSync(scratch, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

function listFunctions(raw: RawTemplate): FunctionDefinition[] {
  const template = new Template(raw, templatePath, {}, region);
  // A build creates no tables, so their streams have no names.
  for (const { id } of template.tables()) template.attributes.set(`${id}.StreamArn`, '');
  return template.application().functions;
}

function pointAtBundles(template: RawTemplate, built: FunctionDefinition[], folder: string): RawTemplate {
  const Resources = { ...template.Resources };
  for (const { id } of built) {
    const resource = Resources[id] ?? { Type: '' };
    const CodeUri = join(folder, id);
    Resources[id] = { ...resource, Metadata: {}, Properties: { ...resource.Properties, CodeUri } };
  }
  return { ...template, Resources };
}

function keepFunctions(template: RawTemplate, kept: string[]): RawTemplate {
  const resources = Object.entries(template.Resources ?? {}).filter(
    ([id, { Type }]) => Type !== 'AWS::Serverless::Function' || kept.includes(id),
  );
  return { ...template, Resources: Object.fromEntries(resources) };
}

function hashSources(): string {
  const hash = createHash('sha256');
  for (const file of sources.flatMap(listFiles)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(projectFolder, file)))
      .update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

function listFiles(path: string): string[] {
  if (!statSync(join(projectFolder, path)).isDirectory()) return [path];
  return readdirSync(join(projectFolder, path))
    .sort()
    .flatMap((name) => listFiles(join(path, name)));
}

function removeUnusedBuilds(): void {
  for (const name of readdirSync(cacheFolder)) {
    const folder = join(cacheFolder, name);
    // Another run may have just removed it.
    const usedMs = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - usedMs > maxUnusedMs) rmSync(folder, { recursive: true, force: true });
  }
}
