import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  accessSync,
  constants,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';
import { endLater } from '../support/cleanup';
import { projectFolder } from '../support/engine';

/** The variable in which the setup passes the folder's path to every test file. */
export const scratchVariable = 'FOOTFALL_SAM_SCRATCH';

/** The folder for build output, one for each run. */
export function scratchFolder(): string {
  const folder = process.env[scratchVariable];
  if (folder === undefined) throw new Error(`${scratchVariable} is not set; npm run test:sam sets it.`);
  return folder;
}

/** A tool that the tests need is missing. The message says what to install. */
export class MissingToolError extends Error {
  constructor(message: string) {
    super(message);
    // The place in the tests does not help; the message does.
    this.stack = message;
  }
}

/** @throws MissingToolError naming what to install or start */
export async function assertToolsWork(): Promise<void> {
  if (!(await works('sam', ['--version']))) {
    throw new MissingToolError(
      'The sam command is not on PATH or does not work: install the AWS SAM CLI with `pip install aws-sam-cli`.',
    );
  }
  if (!(await works('docker', ['info']))) {
    throw new MissingToolError(
      'Docker is not on PATH or its daemon does not answer: install Docker Engine and start it.',
    );
  }
  if (!(await works(samPython(), ['-c', 'import samtranslator, cfnlint']))) {
    throw new MissingToolError(
      `The Python of sam, ${samPython()}, lacks samtranslator or cfn-lint: install both with \`pip install aws-sam-cli\`.`,
    );
  }
}

async function works(command: string, args: string[]): Promise<boolean> {
  try {
    return (await run(command, args)).status === 0;
  } catch {
    return false;
  }
}

/**
 * The Python that runs sam, from the first lines of sam's script. pip starts that script by sh where Python's path is
 * long.
 * @throws MissingToolError
 */
export function samPython(): string {
  const script = (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'sam'))
    .find(isExecutable);
  const start = script === undefined ? '' : readFileSync(realpathSync(script)).toString('latin1', 0, 1_000);
  const python =
    /^#!(\S*python\S*)/.exec(start)?.[1] ?? /^#!\/bin\/sh\n'''exec' "?([^\s"]+)/.exec(start)?.[1];
  if (python === undefined) {
    throw new MissingToolError(
      'The sam command on PATH is not a Python script: install the AWS SAM CLI with `pip install aws-sam-cli`.',
    );
  }
  return python;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface Finished {
  /** Null after a signal. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Every command takes seconds. This limit ends one that hangs. */
const commandTimeoutMs = 240_000;

/** Runs a command in the project's folder until it ends. Kills it, with its children, after the time limit. */
export async function run(command: string, args: string[], input = ''): Promise<Finished> {
  const child = startProcess(command, args, awsVariables());
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  // If the command ends before it has read its input, its status tells more than this error.
  child.stdin?.on('error', () => undefined).end(input);
  const impatience = setTimeout(() => {
    signalGroup(child, 'SIGKILL');
  }, commandTimeoutMs);
  try {
    const [status] = (await once(child, 'close')) as [number | null];
    return { status, ...output };
  } finally {
    clearTimeout(impatience);
  }
}

/** Starts a process as leader of its own group, so that its children can be ended with it. */
export function startProcess(command: string, args: string[], variables: NodeJS.ProcessEnv): ChildProcess {
  return spawn(command, args, { cwd: projectFolder, env: variables, detached: true, stdio: 'pipe' });
}

const stopTimeoutMs = 20_000;

/** Asks a process to end, and kills its group after the time limit. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const impatience = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, stopTimeoutMs);
    await exited;
    clearTimeout(impatience);
  }
  signalGroup(child, 'SIGKILL');
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The environment of sam: keys of no account, and no calls to AWS, because the tests need none. */
export function awsVariables(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    AWS_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    SAM_CLI_TELEMETRY: '0',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    // sam local asks STS for the account at each start, which takes eight seconds without a network.
    AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1',
    AWS_MAX_ATTEMPTS: '1',
  };
}

/**
 * Builds the application with sam, once in each run, outside the checkout.
 * @returns the built template
 */
export async function buildApplication(): Promise<string> {
  const template = join(buildFolder(), 'template.yaml');
  if (existsSync(template)) return template;
  const cache = join(scratchFolder(), 'cache');
  const { status, stderr } = await run('sam', ['build', '--build-dir', buildFolder(), '--cache-dir', cache]);
  if (status !== 0) throw new Error(`sam build failed:\n${stderr}`);
  return template;
}

function buildFolder(): string {
  return join(scratchFolder(), 'build');
}

/** Removes the containers that run code of this run's build, and no others. */
export async function removeContainers(): Promise<void> {
  if (!existsSync(buildFolder())) return;
  const mounts = readdirSync(buildFolder()).flatMap((name) => [
    '--filter',
    `volume=${join(buildFolder(), name)}`,
  ]);
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', ...mounts]);
  const ids = stdout.split('\n').filter(Boolean);
  if (ids.length) await run('docker', ['rm', '--force', ...ids]);
}

const lambdaImage = 'public.ecr.aws/lambda/nodejs:24-rapid-x86_64';

/** The options of every `sam local` command in the tests. */
export async function samLocalOptions(template: string, variablesFile: string): Promise<string[]> {
  const hasImage = await works('docker', ['image', 'inspect', lambdaImage]);
  return [
    ...['--template', template, '--env-vars', variablesFile, '--docker-network', 'host'],
    // With the image at hand, the tests need no registry.
    ...(hasImage ? ['--skip-pull-image'] : []),
  ];
}

/**
 * Points functions in containers at an engine on this machine.
 * @returns the path of a file for `--env-vars`
 */
export async function pointContainersAt(endpoint: string): Promise<string> {
  const port = Number(new URL(endpoint).port);
  const variables = { AWS_ENDPOINT_URL_DYNAMODB: await relayToContainers(port) };
  const file = join(scratchFolder(), `variables-${port}.json`);
  writeFileSync(file, JSON.stringify({ Parameters: variables }));
  return file;
}

/**
 * Makes a port of 127.0.0.1 reachable from containers. With `--docker-network host`, SAM CLI 1.170 leaves them on
 * Docker's bridge, where 127.0.0.1 is the container itself.
 * @returns the address for containers
 */
async function relayToContainers(port: number): Promise<string> {
  const host = await bridgeAddress();
  // Docker Desktop runs containers on another machine, where this one has a name.
  if (host === undefined) return `http://host.docker.internal:${port}`;
  const open = new Set<{ destroy(): void }>();
  const server = createServer((incoming) => {
    const outgoing = connect(port, '127.0.0.1');
    for (const [from, to] of [
      [incoming, outgoing],
      [outgoing, incoming],
    ] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  }).listen(0, host);
  await once(server, 'listening');
  endLater(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  });
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** This machine's address on Docker's bridge, or undefined if the bridge is on another machine. */
async function bridgeAddress(): Promise<string | undefined> {
  const { stdout } = await run('docker', [
    ...['network', 'inspect', 'bridge', '--format'],
    '{{range .IPAM.Config}}{{or .Gateway .Subnet}} {{end}}',
  ]);
  // Without an address in Docker's answer, it is the first of the subnet. Node.js lists no bridge without containers.
  const address = /\b(\d+\.\d+\.\d+\.\d+)\b/.exec(stdout)?.[1]?.replace(/\.0$/, '.1');
  const probe = createServer().listen(0, address);
  try {
    await once(probe, 'listening');
    return address;
  } catch {
    return undefined;
  } finally {
    probe.close();
  }
}
