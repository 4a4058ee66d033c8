import { version, type BuildOptions, type Metafile, type OutputFile } from 'esbuild';
import { basename, extname, join, relative } from 'node:path';
import { findBundle, isOwn, listInputs, writeBundle, type BundleSource } from './bundleCache';
import { runEsbuild } from './esbuild';
import { Fingerprints } from './fingerprints';

/** One bundle to build. */
export interface BundleTask {
  /** Also the name of its folder. */
  name: string;
  /** Absolute paths. */
  entryPoints: string[];
  options: BuildOptions & { absWorkingDir: string };
}

interface Build {
  outputFiles: OutputFile[];
  metafile: Metafile;
  startedMs: number;
}

/** Builds bundles into folders below one folder. */
export class BundleBuilder {
  /** The project's own files that went into each bundle, by the bundle's name. */
  readonly sources = new Map<string, string[]>();

  constructor(
    private readonly folder: string,
    private readonly nowMs: () => number = Date.now,
  ) {}

  /** The tasks whose bundle is missing or differs from what a build would write now. */
  findOutdated(tasks: BundleTask[]): BundleTask[] {
    const fingerprints = new Fingerprints();
    return tasks.filter((task) => {
      const found = findBundle(this.sourceOf(task), fingerprints);
      if (found) this.sources.set(task.name, found.sources);
      return found === undefined;
    });
  }

  /**
   * Builds bundles. Those with the same options are built by one call, which reads a file once however many bundles
   * import it.
   * @returns the mistakes of each bundle that does not compile, by its name; its old files stay
   */
  async build(tasks: BundleTask[]): Promise<Map<string, string>> {
    const fingerprints = new Fingerprints();
    const failures = await Promise.all(
      groupTasks(tasks).map((group) => this.buildGroup(group, fingerprints)),
    );
    return new Map(failures.flatMap((group) => [...group]));
  }

  private async buildGroup(tasks: BundleTask[], fingerprints: Fingerprints): Promise<Map<string, string>> {
    const [first] = tasks;
    if (!first) return new Map();
    const startedMs = this.nowMs();
    // Read before the build, so that a change during the build makes the bundle outdated.
    fingerprints.ofResolution(first.options.absWorkingDir);
    const result = await runEsbuild({
      ...first.options,
      outdir: tasks.length === 1 ? join(this.folder, first.name) : this.folder,
      entryPoints: tasks.length === 1 ? first.entryPoints : nameEntryPoints(tasks),
    });
    if ('failure' in result) {
      if (tasks.length === 1) return new Map([[first.name, result.failure]]);
      // One mistake fails the whole call. Separate calls build the others and show which bundle has it.
      const apart = await Promise.all(tasks.map((task) => this.buildGroup([task], fingerprints)));
      return new Map(apart.flatMap((group) => [...group]));
    }
    for (const task of tasks) this.write(task, { ...result, startedMs }, fingerprints);
    return new Map();
  }

  private write(task: BundleTask, build: Build, fingerprints: Fingerprints): void {
    const source = this.sourceOf(task);
    const inputs = listInputs(build.metafile, task.entryPoints, source.workingFolder);
    const files = build.outputFiles
      .map(({ path, contents }) => ({ name: relative(source.folder, path), contents }))
      .filter(({ name }) => !name.startsWith('..'));
    writeBundle(source, { files, inputs, startedMs: build.startedMs }, fingerprints);
    this.sources.set(task.name, inputs.filter(isOwn));
  }

  private sourceOf({ name, entryPoints, options }: BundleTask): BundleSource {
    return {
      folder: join(this.folder, name),
      workingFolder: options.absWorkingDir,
      settings: JSON.stringify([version, entryPoints, options]),
    };
  }
}

/** A function with several entry points is built on its own, as its output folders depend on all of them. */
function groupTasks(tasks: BundleTask[]): BundleTask[][] {
  const groups = new Map<string, BundleTask[]>();
  for (const task of tasks) {
    const key = task.entryPoints.length === 1 ? JSON.stringify(task.options) : task.name;
    groups.set(key, [...(groups.get(key) ?? []), task]);
  }
  return [...groups.values()];
}

/** Names that put each output into its own folder, such as `MainFunction/main` for `handlers/main.ts`. */
function nameEntryPoints(tasks: BundleTask[]): Record<string, string> {
  return Object.fromEntries(
    tasks.flatMap(({ name, entryPoints }) =>
      entryPoints.map((entry) => [`${name}/${basename(entry, extname(entry))}`, entry] as const),
    ),
  );
}
