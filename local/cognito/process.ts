import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildFolder } from '../engine/dataFolder';
import { findFreePort } from '../engine/engine';
import { endWithUs } from '../engine/processes';
import { assertBuilt, planForNode } from '../functions/bundle';
import { BundleBuilder } from '../functions/bundleBuilder';
import type { Outcome } from '../functions/outcome';
import type { FromCognito, PoolTriggers, ToCognito } from './messages';

export interface CognitoOptions {
  /** The runner's data folder. Cognito's files go into its subfolder `cognito`. */
  dataFolder: string;
  region: string;
  print: (line: string) => void;
}

/** Cognito, in a process of its own. */
export interface CognitoServer {
  /** The address of its API and of the pools' keys, such as `http://127.0.0.1:40123`; the same at each start if possible. */
  endpoint: string;
  /** Runs these triggers from now on. */
  setTriggers(triggers: PoolTriggers, invoke: Invoke): void;
  stop(): Promise<void>;
}

type Invoke = (functionId: string, event: unknown) => Promise<Outcome>;

/** cognito-local did not start. */
export class CognitoStartError extends Error {}

interface Connection {
  send(message: ToCognito): void;
  ended: Promise<string>;
  stop(): Promise<void>;
}

const startTimeoutMs = 20_000;
const restartPauseMs = 1_000;

/** Starts cognito-local, and starts it again at the same address whenever it ends by itself. @throws CognitoStartError */
export async function startCognito({ dataFolder, region, print }: CognitoOptions): Promise<CognitoServer> {
  const folder = join(dataFolder, 'cognito');
  mkdirSync(folder, { recursive: true });
  const port = await choosePort(folder, print);
  const file = await buildServer(buildFolder(dataFolder));
  let triggers: PoolTriggers = {};
  let invoke: Invoke | undefined;
  let isStopped = false;

  const receive = async (message: FromCognito, connection: Connection) => {
    if (message.kind === 'ready') {
      connection.send({ kind: 'triggers', triggers });
      return;
    }
    const event = { ...message.event, version: '1', region };
    const outcome = await invoke?.(message.functionId, event);
    if (outcome?.ok) connection.send({ kind: 'answer', id: message.id, response: outcome.response });
    else connection.send({ kind: 'answer', id: message.id, error: firstLine(outcome?.error) });
  };
  const connect = () => startProcess(file, folder, port, print, receive);

  let connection = await connect();
  const replaceWhenEnded = ({ ended }: Connection) => {
    void ended.then((reason) => (isStopped ? undefined : replace(reason)));
  };
  const replace = async (reason: string) => {
    print(`${reason} It is started again.`);
    while (!isStopped) {
      try {
        connection = await connect();
        replaceWhenEnded(connection);
        return;
      } catch (error) {
        print(String(error));
        await delay(restartPauseMs);
      }
    }
  };
  replaceWhenEnded(connection);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    setTriggers(given, run) {
      triggers = given;
      invoke = run;
      connection.send({ kind: 'triggers', triggers });
    },
    async stop() {
      isStopped = true;
      await connection.stop();
    },
  };
}

const serverTask = planForNode('cognito', join(__dirname, 'server.ts'));

/** @returns the built file */
async function buildServer(folder: string): Promise<string> {
  const builder = new BundleBuilder(folder);
  assertBuilt(await builder.build(builder.findOutdated([serverTask])));
  return join(folder, 'cognito', 'server.js');
}

/** The tokens' issuer contains the port, so the same port is used again if it is free. */
async function choosePort(folder: string, print: (line: string) => void): Promise<number> {
  const file = join(folder, 'port');
  const before = readPort(file);
  if (before !== undefined && (await isFree(before))) return before;
  const port = await findFreePort();
  if (before !== undefined) {
    print(
      `Port ${before} is in use, so Cognito moved to port ${port}. Earlier tokens are no longer valid: sign in again.`,
    );
  }
  writeFileSync(file, String(port));
  return port;
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 ? port : undefined;
  } catch {
    return undefined; // This is the first start.
  }
}

async function isFree(port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1');
  try {
    await once(probe, 'listening');
  } catch {
    return false;
  }
  probe.close();
  await once(probe, 'close');
  return true;
}

async function startProcess(
  file: string,
  folder: string,
  port: number,
  print: (line: string) => void,
  receive: (message: FromCognito, connection: Connection) => Promise<void>,
): Promise<Connection> {
  const child = fork(file, [folder, __filename, String(port)], {
    env: { AWS_SDK_JS_SUPPRESS_MAINTENANCE_MODE_MESSAGE: '1' },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // In a group of its own, so that Ctrl-C reaches the runner alone, which stops Cognito after its users.
    detached: true,
  });
  endWithUs(child);
  let isReady = false;
  let errorOutput = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => {
      errorOutput = (errorOutput + text).slice(-2_000);
      if (isReady) for (const line of text.trimEnd().split('\n')) print(`Cognito | ${line}`);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`Cognito could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(
        `Cognito ended (${signal ?? `exit code ${String(code)}`}). ${isReady ? '' : errorOutput}`.trim(),
      );
    });
  });
  const connection: Connection = {
    ended,
    send(message) {
      // A process that ends meanwhile is handled by `ended`.
      if (child.connected) child.send(message, () => undefined);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // SIGKILL is safe: each file is replaced by a rename.
      child.kill('SIGKILL');
      await ended;
    },
  };
  const ready = new Promise<undefined>((resolve) => {
    child.on('message', (message: FromCognito) => {
      if (message.kind === 'ready') resolve(undefined);
      void receive(message, connection);
    });
  });
  const timeout = new AbortController();
  const outcome = await Promise.race([
    ready,
    ended,
    delay(startTimeoutMs, 'Cognito did not start in time.', { signal: timeout.signal }).catch(
      () => undefined,
    ),
  ]);
  timeout.abort();
  if (outcome !== undefined) {
    await connection.stop();
    throw new CognitoStartError(outcome);
  }
  isReady = true;
  return connection;
}

function firstLine(error = 'The template has no function for this trigger.'): string {
  return (error.split('\n')[0] ?? '').replace(/^\w*Error: /, '');
}
