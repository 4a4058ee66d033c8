import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationTemplate, projectFolder, type ApplicationPart } from './application';
import { endLater } from './cleanup';

/** `npm start`, as a process. */
export interface RunnerProcess {
  url: string;
  pid: number;
  /** All that it printed so far, errors too. */
  output: () => string;
  /** Sends a signal and waits for the end. @returns the exit code, or the signal that ended it */
  end: (signal: NodeJS.Signals) => Promise<number | string>;
}

export interface RunnerSettings {
  args?: string[];
  env?: Record<string, string>;
  /** `npm start` with npm itself, where else Node.js is started as npm would. */
  withNpm?: boolean;
  /** false for the short output that a person sees. */
  verbose?: boolean;
  /** Left out, it is the whole one. */
  application?: ApplicationPart;
}

/** Ends only a wait for what never comes: on a busy machine a process may take very long. */
const patienceMs = 120_000;
const outputGraceMs = 10_000;

/** An empty folder, removed afterwards. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-'));
  endLater(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Starts the runner and waits until it says that it is ready. */
export async function startRunnerProcess(
  dataFolder: string,
  settings: RunnerSettings = {},
): Promise<RunnerProcess> {
  const { child, output, exited } = spawnRunner(dataFolder, settings);
  const ready = await waitFor(() => {
    if (child.exitCode !== null) throw new Error(`The runner ended:\n${output()}`);
    return /^Footfall is ready: (\S+)$/m.exec(output())?.[1];
  }, output);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    return exited;
  };
  endLater(async () => {
    if (child.exitCode === null && child.signalCode === null) await end('SIGTERM');
  });
  return { url: ready, pid: child.pid ?? 0, output, end };
}

/** Where its engine listens. */
export function engineOf(runner: RunnerProcess): string {
  return /^ {2}engine +(\S+)$/m.exec(runner.output())?.[1] ?? '';
}

/** Starts a runner that cannot start. @returns how it ended and what it said */
export async function runToEnd(
  dataFolder: string,
  settings: RunnerSettings = {},
): Promise<{ code: number | string; output: string }> {
  const { output, exited } = spawnRunner(dataFolder, settings);
  return { code: await exited, output: output() };
}

/** Starts a runner and waits for nothing; without a port of its own in `env` it takes any that is free. */
export function spawnRunner(
  dataFolder: string,
  { args = [], env = {}, withNpm = false, verbose = true, application = 'whole' }: RunnerSettings = {},
) {
  const program = withNpm ? 'npm' : process.execPath;
  const start = withNpm ? ['start', '--'] : ['--import', 'tsx', 'local/start.ts'];
  const detail = verbose ? ['--verbose'] : [];
  const template = application === 'source' ? [] : ['--template', applicationTemplate(application)];
  const child = spawn(program, [...start, ...detail, ...template, ...args], {
    cwd: projectFolder,
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, FOOTFALL_DATA: dataFolder, PORT: '0' },
      // What the machine's own settings make npm say is not ours.
      npm_config_userconfig: '/dev/null',
      npm_config_update_notifier: 'false',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  return { child, output: () => text, exited: waitForExit(child) };
}

/** Waits for the end, and for the last of the output unless some orphan holds on to it. */
async function waitForExit(child: ChildProcess): Promise<number | string> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await Promise.race([closed, delay(outputGraceMs, undefined, { ref: false })]);
  return signal ?? code ?? 0;
}

/**
 * Looks again and again until there is a value.
 * @throws Error with what `explain` says, when none comes
 */
export async function waitFor<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  explain: () => unknown = () => '',
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Not within ${patienceMs} ms. ${String(explain())}`);
    await delay(50);
  }
}
