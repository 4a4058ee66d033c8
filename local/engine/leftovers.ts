import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A runner that is alive holds the data. */
export class AlreadyRunningError extends Error {
  constructor(dataFolder: string, pid: number) {
    super(
      `Footfall already runs with the data in ${dataFolder} (process ${pid}). ` +
        'Stop it first, or set FOOTFALL_DATA to another folder.',
    );
  }
}

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/**
 * Ends what a runner that was killed left behind: its engine, which holds the data and a port, and any
 * environment in an endless loop. They are known by the data folder in their command line, and as nobody's
 * by a parent that is no runner; so no file has to say who they are, which a kill -9 could leave wrong.
 * @returns the process ids that were ended
 * @throws AlreadyRunningError when the folder's runner is alive
 */
export async function endLeftovers(dataFolder: string): Promise<number[]> {
  const processes = listProcesses();
  const ours = processes.filter(
    ({ pid, command }) =>
      pid !== process.pid &&
      (command.includes(`--db-path ${dataFolder}/`) ||
        command.includes(` ${dataFolder}/build/bootstrap.js `) ||
        command.includes(` ${dataFolder}/build/cognito.js `)),
  );
  for (const { parent } of ours) {
    const owner = processes.find(({ pid }) => pid === parent);
    if (owner && isRunner(owner.command)) throw new AlreadyRunningError(dataFolder, owner.pid);
  }
  for (const { pid } of ours) kill(pid);
  while (listProcesses().some(({ pid }) => ours.some((left) => left.pid === pid))) await delay(20);
  return ours.map(({ pid }) => pid);
}

function isRunner(command: string): boolean {
  return /\blocal\/start\.ts\b/.test(command);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

/** Every process of this machine that can be seen. */
export function listProcesses(): Process[] {
  return process.platform === 'linux' ? readProc() : readPs();
}

/** /proc rather than ps, which slim images do not have. */
function readProc(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ');
        // pid (name) state parent …; the name may hold anything, brackets and spaces too.
        const status = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = status.slice(status.lastIndexOf(')') + 2).split(' ');
        return state === 'Z' ? [] : [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // It has ended meanwhile.
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
        : [{ pid: Number(pid), parent: Number(parent), command: `${command} ` }];
    });
}
