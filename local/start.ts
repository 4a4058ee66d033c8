import { relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { listProcesses } from './engine/processes';
// Only types: the runner itself is loaded after the first line is printed.
import type { Runner, RunnerOptions } from './runner';

const help = `npm start runs template.yaml on this machine: tables, user pools, functions, both APIs and the stream.

  npm start -- [--template FILE] [--parameter-overrides NAME=VALUE …] [--verbose]

  --template FILE               the SAM template (default: template.yaml)
  --parameter-overrides N=V …   values for the template's parameters, as with sam local
  --verbose                     list all that runs, with addresses and ids, and all that is left out
  --help                        this text

Environment
  PORT                          where to serve, on 127.0.0.1 (default: 3000)
  FOOTFALL_DATA                 the folder that keeps the data (default: .footfall)
  AWS_ENDPOINT_URL_DYNAMODB     another engine to use, such as DynamoDB Local; none is started then
  AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN
                                for that engine (default: us-east-1 and local keys)
`;

/** The command line or the environment has a value that cannot be used. The message says what to give instead. */
class UsageError extends Error {}

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
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    }));
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\nnpm start -- --help lists the options.`);
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
    report: { print, detail: values.verbose ? print : () => undefined },
  };
}

/** A variable of the shell; an empty one counts as missing. */
function variable(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

function parsePort(text: string): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port <= 65_535) return port;
  throw new UsageError(`PORT is ${text}. Set it to a number from 0 to 65535, such as 3000.`);
}

function parseEndpoint(text: string | undefined): string | undefined {
  if (text === undefined || /^https?:\/\/[^/]/.test(text)) return text;
  throw new UsageError(
    `AWS_ENDPOINT_URL_DYNAMODB is ${text}. Set it to an address such as http://127.0.0.1:8000.`,
  );
}

function parseOverride(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${text} is not a parameter's value. Write it as NAME=VALUE.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/**
 * npm puts a shell between itself and this process and passes no signal through it, so the runner looks whether npm
 * is still there.
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

async function startRunner(options: RunnerOptions): Promise<Runner> {
  const runner = await import('./runner');
  return runner.startRunner(options);
}

/** The last lines of a start. The address comes last, so that a program that waits for it has the other lines too. */
function describe({ url, dataFolder, signIn, unsupported }: Runner): string {
  const lines = [
    signIn && `  Sign in    ${signIn.url} as ${signIn.email}, password ${signIn.password}`,
    `  Data       ${shorten(dataFolder)} (delete this folder to start over)`,
    unsupported.length &&
      `  Left out   ${unsupported.length} settings of the template; npm start -- --verbose lists them`,
    `Footfall is ready: ${url}`,
  ];
  return lines.filter(Boolean).join('\n');
}

/** A path below the working folder without it. */
function shorten(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' || short.startsWith('..') ? path : short;
}

async function main(): Promise<void> {
  // The SDK warns at every start that it will need a newer Node.js. The functions in the cloud have one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const options = parseOptions();
  if (!options) {
    process.stdout.write(help);
    return;
  }
  print(`Starting Footfall with ${shorten(options.templatePath)} …`);
  // Signals are handled before anything is started, so that a stop at any time leaves nothing behind.
  let isStopping = false;
  const starting = startRunner(options);
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    print('Stopping Footfall …');
    starting.then((runner) => runner.stop()).then(() => process.exit(0), fail);
  };
  const stopOrQuit = () => {
    if (isStopping) process.exit(1); // The second Ctrl-C does not wait.
    stop();
  };
  process.on('SIGINT', stopOrQuit).on('SIGTERM', stopOrQuit).on('SIGHUP', stop);
  // The reader of the output is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', stop);
  whenNpmEnds(stop);

  const runner = await starting;
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- a signal may have come meanwhile
  if (isStopping) return;
  print(describe(runner));
  await runner.warm();
}

/** Prints the message of a mistake that a person can correct, and any other error with its place in the code. */
async function fail(error: unknown): Promise<void> {
  const { isExpected } = await import('./expectedErrors');
  console.error(error instanceof UsageError || isExpected(error) ? error.message : error);
  process.exit(1);
}

main().catch(fail);
