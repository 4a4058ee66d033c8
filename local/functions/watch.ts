import { statSync } from 'node:fs';

const lookIntervalMs = 300;

/** Differs once the file was written, made or removed. */
function markOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : '';
}

/**
 * Calls back with the files that have changed. A look at a few dozen files of our own costs next to nothing, works on
 * every file system, and leaves no process behind, as esbuild's own watch does when its parent is killed.
 */
export class FileWatch {
  private marks = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(onChange: (changed: string[]) => void) {
    this.timer = setInterval(() => {
      const changed = [...this.marks].filter(([file, mark]) => markOf(file) !== mark).map(([file]) => file);
      if (!changed.length) return;
      for (const file of changed) this.marks.set(file, markOf(file));
      onChange(changed);
    }, lookIntervalMs).unref();
  }

  /** The files to look at from now on. A file that was looked at before keeps its mark. */
  follow(files: string[]): void {
    this.marks = new Map(files.map((file) => [file, this.marks.get(file) ?? markOf(file)]));
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
