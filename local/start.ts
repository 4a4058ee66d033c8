import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PortInUseError } from './api/server';
import { CognitoStartError } from './cognito/process';
import { EngineMissingError } from './engine/binary';
import { EngineStartError } from './engine/engine';
import { AlreadyRunningError } from './engine/leftovers';
import { BuildError } from './functions/bundle';
import { startRunner, type RunnerOptions } from './runner';
import { MappingError } from './streams/mapping';
import { TemplateError } from './template/intrinsics';

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
  const { env } = process;
  const overrides = [...values['parameter-overrides'], ...positionals].flatMap((text) =>
    text.split(/\s+(?=\w+=)/),
  );
  return {
    templatePath: resolve(values.template),
    dataFolder: resolve(env.FOOTFALL_DATA ?? '.footfall'),
    port: parsePort(env.PORT ?? '3000'),
    parameterOverrides: Object.fromEntries(overrides.map(parseOverride)),
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1',
    credentials: {
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? 'local',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? 'local',
      ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    },
    endpoint: env.AWS_ENDPOINT_URL_DYNAMODB === '' ? undefined : env.AWS_ENDPOINT_URL_DYNAMODB,
    print,
  };
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`PORT is ${text}, which is no port.`);
  return port;
}

function parseOverride(text: string): [string, string] {
  const equals = text.indexOf('=');
  if (equals < 1) throw new UsageError(`${text} is not of the form NAME=VALUE.`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

/** npm killed by kill -9 leaves its child to another parent; nobody then holds the terminal's end of it. */
function whenOrphanedByNpm(then: () => void): void {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) then();
  }, 1_000).unref();
}

async function main(): Promise<void> {
  // The SDK says at every start that it will need a newer Node.js; it is the runner's, not the functions'.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  const options = parseOptions();
  if (!options) {
    process.stdout.write(help);
    return;
  }
  const runner = await startRunner(options);
  let isStopping = false;
  const stop = () => {
    if (isStopping) process.exit(1); // Asked twice: at once, then.
    isStopping = true;
    print('Footfall stops.');
    runner.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  whenOrphanedByNpm(stop);
  print(`Footfall is ready: ${runner.url}`);
}

main().catch((error: unknown) => {
  const isExpected = expectedErrors.some((expected) => error instanceof expected);
  console.error(isExpected ? (error as Error).message : error);
  process.exit(1);
});
