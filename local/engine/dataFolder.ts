import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { listProcesses, type Process } from './processes';

/** Another runner that is alive holds the data folder. */
export class AlreadyRunningError extends Error {
  constructor(dataFolder: string, pid: number) {
    super(
      `Footfall already runs with the data in ${dataFolder} (process ${pid}). ` +
        'Stop it first, or set FOOTFALL_DATA to another folder.',
    );
  }
}

export interface DataFolder {
  /** Without symbolic links, so that the folder has one name. */
  path: string;
  /** Processes that a killed runner left behind and that were ended now. */
  endedPids: number[];
  release: () => void;
}

/** How long to wait for a runner that is stopping. */
const lockTimeoutMs = 3_000;

/**
 * Creates the folder, locks it for this process, and ends the processes that a killed runner left behind.
 * @throws AlreadyRunningError when another runner holds it
 */
export async function holdDataFolder(wanted: string): Promise<DataFolder> {
  mkdirSync(wanted, { recursive: true });
  const path = realpathSync(wanted);
  const lock = join(path, 'runner.pid');
  const deadline = Date.now() + lockTimeoutMs;
  while (!tryLock(lock)) {
    const owner = readOwner(lock);
    if (owner === undefined) continue; // The lock was released meanwhile.
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

/** Checks the program too: after a kill -9, the process id may belong to another program. */
function isRunner(pid: number): boolean {
  return listProcesses().some(
    (candidate) => candidate.pid === pid && candidate.argv.some((part) => /\blocal\/start\.ts$/.test(part)),
  );
}

/** Two runners may find the same dead owner. The one that moved the other's new lock puts it back. */
function removeStale(lock: string, deadOwner: number): void {
  const aside = `${lock}.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // The other runner was first.
  }
  if (readOwner(aside) === deadOwner) rmSync(aside);
  else renameSync(aside, lock);
}

/**
 * Ends an engine that still holds the data and a port, and environments in an endless loop. Their program and the data
 * folder among their arguments identify them, so no file has to list them.
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

/** The engine's database file. */
export function databasePath(dataFolder: string): string {
  return join(dataFolder, 'dynamodb.sqlite');
}

/** The folder of the bundles. */
export function buildFolder(dataFolder: string): string {
  return join(dataFolder, 'build');
}

function isEngine({ argv }: Process, dataFolder: string): boolean {
  const [program = '', command] = argv;
  return (
    /^dynoxide(\.exe)?$/.test(basename(program)) &&
    command === 'serve' &&
    argv[argv.indexOf('--db-path') + 1] === databasePath(dataFolder)
  );
}

/** An environment of a function, or the stand-in for Cognito: Node.js with a file that the runner built. */
function isEnvironment({ argv }: Process, dataFolder: string): boolean {
  const built = buildFolder(dataFolder) + sep;
  return basename(argv[0] ?? '').startsWith('node') && argv.some((part) => part.startsWith(built));
}
