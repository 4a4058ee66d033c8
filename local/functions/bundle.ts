import { build, buildSync, stop, type BuildFailure, type BuildOptions } from 'esbuild';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, extname, join, resolve } from 'node:path';
import { TemplateError } from '../template/templateError';
import type { FunctionDefinition } from '../template/application';
import { listProperty, type Properties } from '../template/properties';
import { FileWatch } from './watch';

/** A function's code did not compile. The message holds esbuild's own, with file and line. */
export class BuildError extends Error {}

/** The built code of one function. */
export interface Bundle {
  handlerFile: string;
  exportName: string;
  /** Sourcemap: SAM then has Node.js read it. */
  hasSourceMap: boolean;
  /** Calls back after each rebuild; a build that fails is told as well, and the old code stays. */
  onRebuild(callback: (failure: string | undefined) => void): void;
  dispose(): Promise<void>;
}

/**
 * esbuild's options that take a list; `sam build` takes them as a list or joined with commas.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-cli-using-build-typescript.html
 */
const listOptions = ['External', 'MainFields', 'Conditions', 'ResolveExtensions', 'Drop', 'Inject', 'Target'];
const scalarOptions = [
  'Minify',
  'Sourcemap',
  'Format',
  'KeepNames',
  'SourcesContent',
  'Charset',
  'TreeShaking',
];
const mapOptions = ['Define', 'Loader', 'Banner', 'Footer', 'Alias', 'OutExtension'];

/**
 * Builds a function as `sam build` would, into `folder/<logical id>`.
 * @throws BuildError, TemplateError
 */
export async function buildFunction(definition: FunctionDefinition, folder: string): Promise<Bundle> {
  const [file, exportName] = splitHandler(definition.handler);
  const output = join(folder, definition.id);
  if (definition.inlineCode !== undefined) {
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'index.js'), definition.inlineCode);
    return codeAsItIs(join(output, 'index.js'), exportName);
  }
  if (!definition.esbuild) return codeAsItIs(findSource(definition, file), exportName);

  const options: BuildOptions = { ...translateProperties(definition), outdir: output, metafile: true };
  const built = await runEsbuild(options);
  if ('failure' in built) throw new BuildError(`${definition.id} does not compile:\n${built.failure}`);

  let onRebuild: ((failure: string | undefined) => void) | undefined;
  const watch = new FileWatch(() => {
    void runEsbuild(options).then((rebuilt) => {
      if ('sources' in rebuilt) watch.follow(rebuilt.sources);
      onRebuild?.('failure' in rebuilt ? rebuilt.failure : undefined);
    });
  });
  watch.follow(built.sources);
  const extension = options.outExtension?.['.js'] ?? '.js';
  return {
    // SAM takes the base name alone, so a handler may be called by its folder or not.
    handlerFile: join(output, basename(file) + extension),
    exportName,
    hasSourceMap: Boolean(options.sourcemap),
    onRebuild(callback) {
      onRebuild = callback;
    },
    dispose() {
      watch.stop();
      return Promise.resolve();
    },
  };
}

let runningBuilds = 0;

/**
 * Builds once. esbuild's process ends with the last build that runs: it outlives a parent that is killed, now and then for
 * good, and would keep 200 MB for nothing meanwhile.
 * @returns the files of our own that went into it, or what is wrong with them
 */
async function runEsbuild(options: BuildOptions): Promise<{ sources: string[] } | { failure: string }> {
  runningBuilds += 1;
  try {
    const { metafile } = await build({ ...options, logLevel: 'silent' });
    const inputs = Object.keys(metafile?.inputs ?? {}).filter((input) => !input.includes('node_modules/'));
    return { sources: inputs.map((input) => resolve(options.absWorkingDir ?? '', input)) };
  } catch (error) {
    return { failure: isBuildFailure(error) ? formatErrors(error.errors) : String(error) };
  } finally {
    runningBuilds -= 1;
    if (runningBuilds === 0) await stop();
  }
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error;
}

/** Builds what runs inside every environment, for plain Node.js. @returns its file */
export function buildBootstrap(folder: string): string {
  return buildForNode(join(__dirname, 'bootstrap.ts'), join(folder, 'bootstrap.js'));
}

/** Builds a file of the runner that runs in a process of its own. @returns the built file */
export function buildForNode(entry: string, outfile: string): string {
  buildSync({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs' });
  return outfile;
}

function codeAsItIs(handlerFile: string, exportName: string): Bundle {
  return {
    handlerFile,
    exportName,
    hasSourceMap: false,
    onRebuild: () => undefined,
    dispose: () => Promise.resolve(),
  };
}

/** Lambda looks for the same endings, in this order. */
function findSource({ id, codeUri }: FunctionDefinition, file: string): string {
  const found = ['.js', '.mjs', '.cjs'].map((ending) => join(codeUri, file + ending)).find(existsSync);
  if (found === undefined) {
    throw new BuildError(
      `${id}: there is no ${join(codeUri, file)}.js, and no BuildMethod that would make it.`,
    );
  }
  return found;
}

function splitHandler(handler: string): [string, string] {
  const exportName = extname(handler);
  return [handler.slice(0, handler.length - exportName.length), exportName.slice(1)];
}

/** SAM's camel-cased properties as the options of esbuild's own API, over what `sam build` always gives. */
function translateProperties({ id, codeUri, esbuild: properties = {} }: FunctionDefinition): BuildOptions {
  const options: Properties = { bundle: true, platform: 'node', format: 'cjs', absWorkingDir: codeUri };
  for (const [name, value] of Object.entries(properties)) {
    const option = name.charAt(0).toLowerCase() + name.slice(1);
    if (name === 'EntryPoints') {
      options.entryPoints = listProperty(properties, name).map((entry) => resolve(codeUri, entry));
    } else if (listOptions.includes(name)) {
      options[option] = listProperty(properties, name).flatMap((entry) => entry.split(','));
    } else if (scalarOptions.includes(name)) {
      options[option] = value;
    } else if (mapOptions.includes(name)) {
      options[option] = parseMap(properties, name);
    } else if (name !== 'UseNpmCi') {
      throw new TemplateError(`${id}: the build property ${name} is not supported by the local runner.`);
    }
  }
  return options;
}

/** `key=value` entries, as they stand on esbuild's command line. */
function parseMap(properties: Properties, name: string): Record<string, string> {
  const entries = listProperty(properties, name).map((entry) => {
    const equals = entry.indexOf('=');
    return [entry.slice(0, equals), entry.slice(equals + 1)] as const;
  });
  return Object.fromEntries(entries);
}

function formatErrors(errors: { text: string; location: { file: string; line: number } | null }[]): string {
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('\n');
}
