import type { BuildOptions } from 'esbuild';
import { extname, resolve } from 'node:path';
import type { FunctionDefinition } from '../template/application';
import { listProperty, type Properties } from '../template/properties';
import { TemplateError } from '../template/templateError';

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

/** esbuild's options for one function, and the files it begins with. */
export interface FunctionBuild {
  entryPoints: string[];
  options: BuildOptions & { absWorkingDir: string };
}

/**
 * SAM's camel-cased properties as the options of esbuild's own API, over those that `sam build` always gives.
 * @throws TemplateError for a property that this runner does not know
 */
export function readBuildProperties({
  id,
  codeUri,
  esbuild: properties = {},
}: FunctionDefinition): FunctionBuild {
  const options: Properties = {};
  let entryPoints: string[] = [];
  for (const [name, value] of Object.entries(properties)) {
    const option = name.charAt(0).toLowerCase() + name.slice(1);
    if (name === 'EntryPoints') {
      entryPoints = listProperty(properties, name).map((entry) => resolve(codeUri, entry));
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
  return {
    entryPoints,
    options: { bundle: true, platform: 'node', format: 'cjs', absWorkingDir: codeUri, ...options },
  };
}

/** `src/app.handler` is the export `handler` of the file `src/app`. */
export function splitHandler(handler: string): { file: string; exportName: string } {
  const exportName = extname(handler);
  return { file: handler.slice(0, handler.length - exportName.length), exportName: exportName.slice(1) };
}

/** `key=value` entries, as they stand on esbuild's command line. */
function parseMap(properties: Properties, name: string): Record<string, string> {
  const entries = listProperty(properties, name).map((entry) => {
    const equals = entry.indexOf('=');
    return [entry.slice(0, equals), entry.slice(equals + 1)] as const;
  });
  return Object.fromEntries(entries);
}
