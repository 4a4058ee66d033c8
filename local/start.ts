import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PortInUseError } from './api/server';
import { CognitoStartError } from './cognito/process';
import { EngineMissingError } from './engine/binary';
import { EngineStartError } from './engine/engine';
import { AlreadyRunningError } from './engine/dataFolder';
import { listProcesses } from './engine/processes';
import { BuildError } from './functions/bundle';
import { startRunner, type RunnerOptions } from './runner';
import { MappingError } from './streams/mapping';
import { TemplateError } from './template/templateError';

const help = `npm start runs template.yaml on this machine: tables, user pools, functions, both APIs and the stream.

  npm start -- [--template FILE] [--parameter-overrides NAME=VALUE …]

  --template FILE               the SAM template (default: template.yaml)
  --parameter-overrides N=V …   values for the template's parameters, as with sam local
  --help                        this text

Environment
  PORT                          where to serve, on 127.0.0.1 (default: 3000)
  FOOTFALL_DATA                 the folder that keeps the data (default: .footfall)
  AWS_ENDPOINT_URL_DYNAMODB     another engine to use, such as DynamoDB Local; none is started then
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that engine (default: us-east-1 and local keys)
`;

/** The command line or the environment says something that cannot be. */
class UsageError extends Error {}

/** Mistakes that a person can mend: their message is enough. */
const expectedErrors = [
  UsageError,
  TemplateError,
  MappingError,
  BuildError,
  EngineMissingError,
  EngineStartError,
  CognitoStartError,
  PortInUseError,
  AlreadyRunningError,
];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function parseOptions(): RunnerOptions | undefined {
  let values, positionals;
  try {
    ({ values, positionals } = parseArgs({
      options: {
        template: { type: 'string', default: 'template.yaml' },
        'parameter-overrides': { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nnpm start -- --help says what there is.`);
  }
  if (values.help) return undefined;
  const sessionToken = variable('AWS_SESSION_TOKEN');
  const overrides = [...values['parameter-overrides'], ...positionals].flatMap((text) =>
    text.split(/\s+(?=\w+=)/),
  );
  return {
    templatePath: resolve(values.template),
    dataFolder: resolve(variable('FOOTFALL_DATA') ?? '.footfall'),
    port: parsePort(variable('PORT') ?? '3000'),
    parameterOverrides: Object.fromEntries(overrides.map(parseOverride)),
    region: variable('AWS_REGION') ?? variable('AWS_DEFAULT_REGION') ?? 'us-east-1',
    credentials: {
      accessKeyId: variable('AWS_ACCESS_KEY_ID') ?? 'local',
      secretAccessKey: variable('AWS_SECRET_ACCESS_KEY') ?? 'local',
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    endpoint: parseEndpoint(variable('AWS_ENDPOINT_URL_DYNAMODB')),
    print,
  };
}

/** A variable of the shell; an empty one is as good as none. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) throw new UsageError(`PORT is ${text}, which is no port.`);
  return port;
}

function parseEndpoint(text: string | undefined): string | undefined {
  if (text !== undefined && !/^https?:\/\/[^/]/.test(text)) {
    throw new UsageError(
      `AWS_ENDPOINT_URL_DYNAMODB is ${text}; it takes an address such as http://127.0.0.1:8000.`,
    );
  }
  return text;
}

function parseOverride(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${text} is not of the form NAME=VALUE.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/**
 * npm puts a shell between itself and this process, and a signal to npm does not come through it: this is how to see
 * that npm has ended.
 */
function whenNpmEnds(then: () => void): void {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const shell = process.ppid;
  const npm = listProcesses().find(({ pid }) => pid === shell)?.parent;
  setInterval(() => {
    if (process.ppid !== shell || (npm !== undefined && !isAlive(npm))) then();
  }, 200).unref();
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function main(): Promise<void> {
  // The SDK says at every start that it will need a newer Node.js; it is the runner's, not the functions'.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const options = parseOptions();
  if (!options) {
    process.stdout.write(help);
    return;
  }
  // Before anything is started, so that a stop at any time leaves nothing behind.
  let isStopping = false;
  const starting = startRunner(options);
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    print('Footfall stops.');
    starting
      .then((runner) => runner.stop())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          fail(error);
        },
      );
  };
  const stopOrQuit = () => {
    if (isStopping) process.exit(1); // Asked twice: at once, then.
    stop();
  };
  process.on('SIGINT', stopOrQuit).on('SIGTERM', stopOrQuit).on('SIGHUP', stop);
  // Whoever read what is printed is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
  whenNpmEnds(stop);

  const runner = await starting;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a signal may have come meanwhile
  if (!isStopping) print(`Footfall is ready: ${runner.url}`);
}

/** Says what a person can mend in a sentence; what nobody foresaw, with its place in the code. */
function fail(error: unknown): void {
  const isExpected =
    expectedErrors.some((expected) => error instanceof expected) ||
    // The file system and the network say in a sentence what and where; so does DynamoDB.
    (error instanceof Error && ('syscall' in error || '$metadata' in error));
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
}

main().catch(fail);
