import type { Metafile } from 'esbuild';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isObject } from '../json';
import { hash, type Fingerprints } from './fingerprints';

/** The record of a bundle on the disk: hashes of everything that its content depends on, and of the content. */
interface Manifest {
  /** The options and esbuild's version. */
  settings: string;
  /** package.json, tsconfig files and npm's record of what is installed. */
  resolution: string;
  /** By absolute path. */
  inputs: Record<string, string>;
  /** The names in the folders of the project's own inputs. */
  folders: Record<string, string>;
  /** By path relative to the bundle's folder. */
  outputs: Record<string, string>;
}

/** Where a bundle is, and how it is built. */
export interface BundleSource {
  /** The manifest is next to this folder. */
  folder: string;
  workingFolder: string;
  /** All options of the build, and esbuild's version, as text. */
  settings: string;
}

/**
 * Looks for a bundle that a build would write again byte for byte.
 * @returns the project's files that it depends on; undefined when the bundle has to be built
 */
export function findBundle(
  { folder, workingFolder, settings }: BundleSource,
  fingerprints: Fingerprints,
): { sources: string[] } | undefined {
  const manifest = readManifest(folder);
  if (manifest?.settings !== hash(settings)) return undefined;
  const isCurrent =
    manifest.resolution === fingerprints.ofResolution(workingFolder) &&
    holdsFor(manifest.inputs, (path) => fingerprints.ofFile(path)) &&
    holdsFor(manifest.folders, (path) => fingerprints.ofNames(path)) &&
    // Outputs are read last: they are the largest.
    holdsFor(manifest.outputs, (name) => fingerprints.ofFile(join(folder, name)));
  return isCurrent ? { sources: Object.keys(manifest.inputs).filter(isOwn) } : undefined;
}

/** The result of a build. */
export interface BuiltBundle {
  files: { name: string; contents: Uint8Array }[];
  /** Every file that went into it, by absolute path. */
  inputs: string[];
  /** When the build began. */
  startedMs: number;
}

/** Some file systems keep times in steps of two seconds. */
const fileTimeStepMs = 2_000;

/**
 * Writes a bundle's files and then its manifest. The next start builds a bundle without a manifest again, so there is
 * none after a kill in between, nor when a source may have changed during the build.
 */
export function writeBundle(
  { folder, workingFolder, settings }: BundleSource,
  { files, inputs, startedMs }: BuiltBundle,
  fingerprints: Fingerprints,
): void {
  rmSync(manifestFile(folder), { force: true });
  for (const { name, contents } of files) writeWhole(join(folder, name), contents);
  if (inputs.some((path) => isYoungerThan(path, startedMs - fileTimeStepMs))) return;
  const folders = [...new Set(inputs.filter(isOwn).map((input) => dirname(input)))];
  const manifest: Manifest = {
    settings: hash(settings),
    resolution: fingerprints.ofResolution(workingFolder),
    inputs: Object.fromEntries(inputs.map((path) => [path, fingerprints.ofFile(path)])),
    folders: Object.fromEntries(folders.map((path) => [path, fingerprints.ofNames(path)])),
    outputs: Object.fromEntries(files.map(({ name, contents }) => [name, hash(contents)])),
  };
  writeWhole(manifestFile(folder), JSON.stringify(manifest));
}

/** Every file that an entry point imports, directly or not, by absolute path. */
export function listInputs({ inputs }: Metafile, entryPoints: string[], workingFolder: string): string[] {
  const absolute = new Map(Object.keys(inputs).map((path) => [resolve(workingFolder, path), path]));
  const found = new Set<string>();
  const visit = (path: string) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: imported, external } of inputs[path]?.imports ?? []) if (!external) visit(imported);
  };
  for (const entry of entryPoints) visit(absolute.get(entry) ?? entry);
  // A path such as `(disabled):fs` stands for a module that a package excludes, not for a file.
  return [...found].filter((path) => !/^\(\w+\):/.test(path)).map((path) => resolve(workingFolder, path));
}

/** Whether a file belongs to the project, so that a person may change it while the runner runs. */
export function isOwn(path: string): boolean {
  return !path.includes('/node_modules/') && !path.includes('\\node_modules\\');
}

function isYoungerThan(path: string, timeMs: number): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined || Math.max(stats.mtimeMs, stats.ctimeMs) >= timeMs;
}

function holdsFor(expected: Record<string, string>, compute: (path: string) => string): boolean {
  return Object.entries(expected).every(([path, value]) => compute(path) === value);
}

function manifestFile(folder: string): string {
  return `${folder}.json`;
}

function readManifest(folder: string): Manifest | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(manifestFile(folder), 'utf8'));
    return isManifest(manifest) ? manifest : undefined;
  } catch {
    return undefined; // It does not exist, or was written only in part.
  }
}

function isManifest(value: unknown): value is Manifest {
  return (
    isObject(value) &&
    typeof value.settings === 'string' &&
    typeof value.resolution === 'string' &&
    [value.inputs, value.folders, value.outputs].every(isObject)
  );
}

/** Replaces a file by a rename, so that a process that loads it gets the old content or the new. */
function writeWhole(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.new`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}
