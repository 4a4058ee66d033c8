import { statSync } from 'node:fs';

const lookIntervalMs = 300;

/** Whether a file was written, made or removed since. */
function markOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size}` : '';
}

/**
 * Calls back when one of some files has changed. A look at a few dozen files of our own costs next to nothing, works on
 * every file system, and leaves no process behind, as esbuild's own watch does when its parent is killed.
 */
export class FileWatch {
  private marks = new Map<string, string>();
  private readonly timer: NodeJS.Timeout;

  constructor(onChange: () => void) {
    this.timer = setInterval(() => {
      const changed = [...this.marks].some(([file, mark]) => markOf(file) !== mark);
      if (!changed) return;
      this.follow([...this.marks.keys()]);
      onChange();
    }, lookIntervalMs).unref();
  }

  /** The files to look at from now on, as they are now. */
  follow(files: string[]): void {
    this.marks = new Map(files.map((file) => [file, markOf(file)]));
  }

  stop(): void {
    clearInterval(this.timer);
  }
}
