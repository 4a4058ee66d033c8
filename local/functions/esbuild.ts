import { build, stop, type BuildFailure, type BuildOptions, type Metafile, type OutputFile } from 'esbuild';

/** The files that esbuild made and the graph of their inputs, or the mistakes in the sources, with file and line. */
export type BuildResult = { outputFiles: OutputFile[]; metafile: Metafile } | { failure: string };

let runningBuilds = 0;

/**
 * Builds once, in memory. esbuild's process ends with the last build that runs: now and then it outlives a parent that
 * is killed, and it would hold 200 MB.
 */
export async function runEsbuild(options: BuildOptions): Promise<BuildResult> {
  runningBuilds += 1;
  try {
    return await build({ ...options, write: false, metafile: true, logLevel: 'silent' });
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

function formatErrors(errors: BuildFailure['errors']): string {
  return errors
    .map(({ text, location }) => (location ? `${location.file}:${location.line}: ${text}` : text))
    .join('\n');
}
