import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { applicationTemplate, projectFolder, type ApplicationPart } from './application';
import { endLater } from './cleanup';

/** A running `npm start`. */
export interface RunnerProcess {
  url: string;
  pid: number;
  /** Everything that it has printed, errors included. */
  output: () => string;
  /** Sends a signal and waits until the process exits. @returns the exit code, or the signal that ended it */
  end: (signal: NodeJS.Signals) => Promise<number | string>;
}

export interface RunnerSettings {
  args?: string[];
  env?: Record<string, string>;
  /** true to start it through npm; by default Node.js runs the same script directly. */
  withNpm?: boolean;
  /** false for the short output, which is the default of `npm start`. */
  verbose?: boolean;
  /** The whole application by default. */
  application?: ApplicationPart;
}

/** Long enough for a busy machine: it only ends a wait for a value that never comes. */
const patienceMs = 120_000;
const outputGraceMs = 10_000;

/** Makes an empty folder and removes it after the tests. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'footfall-'));
  endLater(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Starts the runner and waits until it is ready. */
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

/** The address of the runner's engine. */
export function engineOf(runner: RunnerProcess): string {
  return /^ {2}engine +(\S+)$/m.exec(runner.output())?.[1] ?? '';
}

/** Runs a runner that is expected to exit by itself. @returns its exit code or signal, and its output */
export async function runToEnd(
  dataFolder: string,
  settings: RunnerSettings = {},
): Promise<{ code: number | string; output: string }> {
  const { output, exited } = spawnRunner(dataFolder, settings);
  return { code: await exited, output: output() };
}

/** Starts a runner without waiting for it. It takes a free port unless `env` sets one. */
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
      // The machine's own npm settings must not add to the output.
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

/** Waits for the exit and the last output, but not for an orphaned child that keeps the output open. */
async function waitForExit(child: ChildProcess): Promise<number | string> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await Promise.race([closed, delay(outputGraceMs, undefined, { ref: false })]);
  return signal ?? code ?? 0;
}

/**
 * Polls until there is a value.
 * @throws Error with the text of `explain` if none comes
 */
export async function waitFor<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  explain: () => unknown = () => '',
): Promise<Value> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`No value within ${patienceMs} ms. ${String(explain())}`);
    await delay(50);
  }
}
