import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findFreePort } from '../engine/engine';
import { endWithUs } from '../engine/processes';
import { buildForNode } from '../functions/bundle';
import type { Outcome } from '../functions/outcome';
import type { FromCognito, PoolTriggers, ToCognito } from './messages';

export interface CognitoOptions {
  /** The runner's data folder; what Cognito keeps stands in a folder of its own in it. */
  dataFolder: string;
  region: string;
  print: (line: string) => void;
}

/** Cognito, in a process of its own. */
export interface CognitoServer {
  /** Such as `http://127.0.0.1:40123`: where its API and the pools' keys are. It stays over restarts if it can. */
  endpoint: string;
  /** Has triggers run from now on. */
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

/** Starts cognito-local, and starts it anew at the same address whenever it ends by itself. @throws CognitoStartError */
export async function startCognito({ dataFolder, region, print }: CognitoOptions): Promise<CognitoServer> {
  const folder = join(dataFolder, 'cognito');
  mkdirSync(folder, { recursive: true });
  const port = await choosePort(folder, print);
  const file = buildForNode(join(__dirname, 'server.ts'), join(dataFolder, 'build', 'cognito.js'));
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

/** The tokens' issuer holds the port, so the same one is taken again wherever it is free. */
async function choosePort(folder: string, print: (line: string) => void): Promise<number> {
  const file = join(folder, 'port');
  const before = readPort(file);
  if (before !== undefined && (await isFree(before))) return before;
  const port = await findFreePort();
  if (before !== undefined) {
    print(
      `Port ${before}, where Cognito was, is in use; it is at ${port} now. Tokens from before do not hold.`,
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
    return undefined; // The first start.
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
    // Ctrl-C reaches the runner alone, which stops this after those who use it.
    detached: true,
  });
  endWithUs(child);
  let isReady = false;
  let complaint = '';
  for (const output of [child.stdout, child.stderr]) {
    output?.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-2_000);
      if (isReady) for (const line of text.trimEnd().split('\n')) print(`Cognito | ${line}`);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(`Cognito could not be started: ${error.message}`);
    });
    child.once('exit', (code, signal) => {
      resolve(`Cognito ended (${signal ?? `exit code ${String(code)}`}). ${isReady ? '' : complaint}`.trim());
    });
  });
  const connection: Connection = {
    ended,
    send(message) {
      // One that ends meanwhile is told by its end.
      if (child.connected) child.send(message, () => undefined);
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // Its data is written whole or not at all.
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

function firstLine(error = 'There is no such function here.'): string {
  return (error.split('\n')[0] ?? '').replace(/^\w*Error: /, '');
}
