import { buildSync } from 'esbuild';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FunctionDefinition } from '../template/application';
import { BundleBuilder, type BundleTask } from './bundleBuilder';
import { readBuildProperties, splitHandler } from './buildOptions';

/** A function's code did not compile. The message holds esbuild's own, with file and line. */
export class BuildError extends Error {}

/** The built code of one function. */
export interface Bundle {
  handlerFile: string;
  exportName: string;
  /** Sourcemap: SAM then has Node.js read it. */
  hasSourceMap: boolean;
}

/** A function's bundle, and how to build it, unless its code runs without a build. */
export interface BundlePlan {
  bundle: Bundle;
  task?: BundleTask;
}

/**
 * Where a function's bundle goes and how it is built, as `sam build` would, into `folder/<logical id>`.
 * @throws BuildError, TemplateError
 */
export function planBundle(definition: FunctionDefinition, folder: string): BundlePlan {
  const { file, exportName } = splitHandler(definition.handler);
  const output = join(folder, definition.id);
  if (definition.inlineCode !== undefined) {
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'index.js'), definition.inlineCode);
    return { bundle: { handlerFile: join(output, 'index.js'), exportName, hasSourceMap: false } };
  }
  if (!definition.esbuild) {
    return { bundle: { handlerFile: findSource(definition, file), exportName, hasSourceMap: false } };
  }
  const { entryPoints, options } = readBuildProperties(definition);
  // SAM takes the base name alone, so a handler may be called by its folder or not.
  const handlerFile = join(output, basename(file) + (options.outExtension?.['.js'] ?? '.js'));
  return {
    bundle: { handlerFile, exportName, hasSourceMap: Boolean(options.sourcemap) },
    task: { name: definition.id, entryPoints, options },
  };
}

/** Builds one function into `folder/<logical id>`. @throws BuildError, TemplateError */
export async function buildFunction(definition: FunctionDefinition, folder: string): Promise<Bundle> {
  const { bundle, task } = planBundle(definition, folder);
  if (task) assertBuilt(await new BundleBuilder(folder).build([task]));
  return bundle;
}

/** What runs inside every environment. */
export const bootstrapTask = planForNode('bootstrap', join(__dirname, 'bootstrap.ts'));

/** Builds what runs inside every environment. @returns its file */
export async function buildBootstrap(folder: string): Promise<string> {
  assertBuilt(await new BundleBuilder(folder).build([bootstrapTask]));
  return bootstrapFile(folder);
}

/** Where the bundle of `bootstrapTask` goes. */
export function bootstrapFile(folder: string): string {
  return join(folder, 'bootstrap', 'bootstrap.js');
}

/** A file of the runner that runs in a process of its own, as `<name>/<its base name>.js`. */
export function planForNode(name: string, entry: string): BundleTask {
  const options = { bundle: true, platform: 'node', format: 'cjs', absWorkingDir: __dirname } as const;
  return { name, entryPoints: [entry], options };
}

/** Builds a file for plain Node.js at once. @returns the built file */
export function buildForNode(entry: string, outfile: string): string {
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

/** @throws BuildError naming each function that did not compile */
export function assertBuilt(failures: Map<string, string>): void {
  if (failures.size === 0) return;
  const sentences = groupByFailure(failures).map(
    ([failure, names]) =>
      `${names.join(', ')} ${names.length === 1 ? 'does' : 'do'} not compile:\n${failure}`,
  );
  throw new BuildError(sentences.join('\n'));
}

/** Each failure once, with the names of those that have it: a file may be part of many bundles. */
export function groupByFailure(failures: Map<string, string>): [failure: string, names: string[]][] {
  const groups = new Map<string, string[]>();
  for (const [name, failure] of failures) groups.set(failure, [...(groups.get(failure) ?? []), name]);
  return [...groups];
}

/** Lambda looks for the same endings, in this order. */
function findSource({ id, codeUri }: FunctionDefinition, file: string): string {
  const found = ['.js', '.mjs', '.cjs'].map((ending) => join(codeUri, file + ending)).find(existsSync);
  if (found !== undefined) return found;
  throw new BuildError(
    `${id}: there is no ${join(codeUri, file)}.js. Create it, or give the function a BuildMethod that makes it.`,
  );
}
