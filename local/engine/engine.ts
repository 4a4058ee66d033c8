import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { findEngineBinary } from './binary';
import { endWithUs } from './processes';

/** A DynamoDB engine in a process of its own. */
export interface Engine {
  /** Such as `http://127.0.0.1:40123`; DynamoDB and DynamoDB Streams answer at the same address. */
  endpoint: string;
  pid: number;
  port: number;
  /** Resolves with the reason once the engine has ended by itself; never after `stop`. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

/** The engine did not start, or did not answer in time. */
export class EngineStartError extends Error {}

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/**
 * Starts dynoxide on 127.0.0.1.
 * @param databasePath the SQLite file that holds the data; without it, the data is in memory
 * @param port any free port by default
 * @throws EngineMissingError, EngineStartError
 */
export async function startEngine(databasePath?: string, port?: number): Promise<Engine> {
  if (port !== undefined) return startEngineOn(port, databasePath);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startEngineOn(await findFreePort(), databasePath);
    } catch (error) {
      // Another program may have taken the port since it was found free.
      if (attempt === 3 || !(error instanceof EngineStartError)) throw error;
    }
  }
}

async function startEngineOn(port: number, databasePath: string | undefined): Promise<Engine> {
  const binary = findEngineBinary();
  const endpoint = `http://127.0.0.1:${port}`;
  const storage = databasePath === undefined ? [] : ['--db-path', databasePath];
  // In a group of its own, so that Ctrl-C reaches the runner alone, which stops the engine after its users.
  const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port), ...storage], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  endWithUs(child);
  let errorOutput = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (errorOutput = (errorOutput + text).slice(-2_000)));

  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`The engine could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(`The engine ended (${signal ?? `exit code ${String(code)}`}). ${errorOutput.trim()}`.trim());
    });
  });

  const outcome = await Promise.race([ended, waitUntilItAnswers(endpoint)]);
  if (outcome !== undefined || child.pid === undefined) {
    child.kill('SIGKILL');
    throw new EngineStartError(outcome ?? 'The engine could not be started.');
  }

  return {
    endpoint,
    pid: child.pid,
    port,
    failed: new Promise((resolve) => {
      void ended.then((reason) => {
        if (!stopping) resolve(reason);
      });
    }),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const killTimer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await exited;
      clearTimeout(killTimer);
    },
  };
}

/** A port that was free a moment ago. */
export async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Resolves once the engine answers. @returns what went wrong, if anything did */
async function waitUntilItAnswers(endpoint: string): Promise<string | undefined> {
  const deadline = Date.now() + startTimeoutMs;
  while (Date.now() < deadline) {
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
      return undefined;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
  return `The engine did not answer at ${endpoint} within ${startTimeoutMs / 1_000} s.`;
}
