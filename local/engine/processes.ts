import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine. */
export interface Process {
  pid: number;
  parent: number;
  /** The program and its arguments. */
  argv: string[];
}

/** Every process that is visible to this one. */
export function listProcesses(): Process[] {
  return process.platform === 'linux' ? readProc() : readPs();
}

const children = new Set<ChildProcess>();

/**
 * Ends a child when this process ends, also by a second Ctrl-C or an uncaught error. After a kill -9, the next start
 * ends it.
 */
export function endWithUs(child: ChildProcess): void {
  if (children.size === 0) process.on('exit', endChildren);
  children.add(child);
  child.once('exit', () => {
    children.delete(child);
    if (children.size === 0) process.off('exit', endChildren);
  });
}

function endChildren(): void {
  for (const child of children) child.kill('SIGKILL');
}

/** /proc rather than ps, which slim images do not have. */
function readProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const argv = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').slice(0, -1);
        // pid (name) state parent …; the name may hold anything, brackets and spaces too.
        const status = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), argv }];
      } catch {
        return []; // The process has ended meanwhile.
      }
    });
}

function readPs(): Process[] {
  return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,command='], { encoding: 'utf8' })
    .split('\n')
    .flatMap((line) => {
      const [, pid, parent, command] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
      return command === undefined
        ? []
        : [{ pid: Number(pid), parent: Number(parent), argv: command.split(' ') }];
    });
}
