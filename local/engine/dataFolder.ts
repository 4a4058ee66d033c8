import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, type Process } from './processes';

/** A runner that is alive holds the data. */
export class AlreadyRunningError extends Error {
  constructor(dataFolder: string, pid: number) {
    super(
      `Footfall already runs with the data in ${dataFolder} (process ${pid}). ` +
        'Stop it first, or set FOOTFALL_DATA to another folder.',
    );
  }
}

export interface DataFolder {
  /** Without symbolic links, so that there is one name for it. */
  path: string;
  /** What a runner that was killed had left behind, and is ended now. */
  endedPids: number[];
  release: () => void;
}

/** A runner that is being stopped is given this time to let go. */
const patienceMs = 3_000;

/**
 * Makes the folder, holds it for this process, and ends what a killed runner left behind.
 * @throws AlreadyRunningError when another runner holds it
 */
export async function holdDataFolder(wanted: string): Promise<DataFolder> {
  mkdirSync(wanted, { recursive: true });
  const path = realpathSync(wanted);
  const lock = join(path, 'runner.pid');
  const deadline = Date.now() + patienceMs;
  while (!tryLock(lock)) {
    const owner = readOwner(lock);
    if (owner === undefined) continue; // It was let go of meanwhile.
    if (!isRunner(owner)) removeStale(lock, owner);
    else if (Date.now() > deadline) throw new AlreadyRunningError(path, owner);
    else await delay(50);
  }
  const release = () => {
    if (readOwner(lock) === process.pid) rmSync(lock);
  };
  process.on('exit', release);
  return {
    path,
    endedPids: await endLeftovers(path),
    release() {
      process.off('exit', release);
      release();
    },
  };
}

function tryLock(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function readOwner(lock: string): number | undefined {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The number alone is not enough: after a kill -9 it may be someone else's by now. */
function isRunner(pid: number): boolean {
  return listProcesses().some(
    (candidate) => candidate.pid === pid && candidate.argv.some((part) => /\blocal\/start\.ts$/.test(part)),
  );
}

/** Two may find the same dead owner: who moves a lock away that is not the dead one's puts it back. */
function removeStale(lock: string, deadOwner: number): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // The other one was first.
  }
  if (readOwner(aside) === deadOwner) rmSync(aside);
  else renameSync(aside, lock);
}

/**
 * Ends the engine that holds the data and a port, and environments in an endless loop. They are known by their own
 * program and by the folder among their arguments, so no file has to say who they are.
 */
async function endLeftovers(path: string): Promise<number[]> {
  const ours = listProcesses().filter(
    (candidate) => isEngine(candidate, path) || isEnvironment(candidate, path),
  );
  for (const { pid } of ours) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended meanwhile.
    }
  }
  const pids = ours.map(({ pid }) => pid);
  while (listProcesses().some(({ pid }) => pids.includes(pid))) await delay(20);
  return pids;
}

/** Where the engine keeps the data. */
export function databasePath(dataFolder: string): string {
  return join(dataFolder, 'dynamodb.sqlite');
}

function isEngine({ argv }: Process, dataFolder: string): boolean {
  const [program = '', command] = argv;
  return (
    /^dynoxide(\.exe)?$/.test(basename(program)) &&
    command === 'serve' &&
    argv[argv.indexOf('--db-path') + 1] === databasePath(dataFolder)
  );
}

/** An environment of a function, or the stand-in for Cognito. */
function isEnvironment({ argv }: Process, dataFolder: string): boolean {
  return (
    basename(argv[0] ?? '').startsWith('node') && argv.includes(join(dataFolder, 'build', 'bootstrap.js'))
  );
}
