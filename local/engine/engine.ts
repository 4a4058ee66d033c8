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
  /** Resolves with a sentence once the engine has ended by itself; never after `stop`. */
  failed: Promise<string>;
  stop(): Promise<void>;
}

/** The engine did not start, or answered nothing in time. */
export class EngineStartError extends Error {}

const startTimeoutMs = 10_000;
const stopTimeoutMs = 5_000;

/**
 * Starts dynoxide on 127.0.0.1.
 * @param databasePath the SQLite file that holds the data; left out, the data lives in memory
 * @param port left out, any that is free
 * @throws EngineMissingError, EngineStartError
 */
export async function startEngine(databasePath?: string, port?: number): Promise<Engine> {
  if (port !== undefined) return startEngineOn(port, databasePath);
  for (let attempt = 1; ; attempt++) {
    try {
      return await startEngineOn(await findFreePort(), databasePath);
    } catch (error) {
      // A port that was free a moment ago may be someone's by now.
      if (attempt === 3 || !(error instanceof EngineStartError)) throw error;
    }
  }
}

async function startEngineOn(port: number, databasePath: string | undefined): Promise<Engine> {
  const binary = findEngineBinary();
  const endpoint = `http://127.0.0.1:${port}`;
  const storage = databasePath === undefined ? [] : ['--db-path', databasePath];
  // A group of its own: Ctrl-C reaches the runner alone, which then stops the engine after its users.
  const child = spawn(binary, ['serve', '--host', '127.0.0.1', '--port', String(port), ...storage], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  endWithUs(child);
  let complaint = '';
  child.stderr
    .setEncoding('utf8')
    .on('data', (text: string) => (complaint = (complaint + text).slice(-2_000)));

  let stopping = false;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`The engine could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(`The engine ended (${signal ?? `exit code ${String(code)}`}). ${complaint.trim()}`.trim());
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
      const impatience = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
      await exited;
      clearTimeout(impatience);
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

/** Resolves with nothing once the engine answers, or with what went wrong. */
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
