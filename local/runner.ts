import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CognitoAuthorizer } from './api/authorizer';
import { Gateway } from './api/gateway';
import { openServer } from './api/server';
import { loginFunctionId, makeDemoUser } from './cognito/demoUser';
import { makeUserPools, type UserPool } from './cognito/pools';
import { startCognito, type CognitoServer } from './cognito/process';
import { collectTriggers } from './cognito/triggers';
import { databasePath, holdDataFolder } from './engine/dataFolder';
import { startLastingEngine } from './engine/lastingEngine';
import { buildBootstrap, buildFunction } from './functions/bundle';
import { startInvokeServer } from './functions/invokeServer';
import type { Outcome } from './functions/outcome';
import { createPool, type FunctionPool } from './functions/pool';
import type { CloudAccess } from './functions/variables';
import { FileQueues } from './queues/fileQueue';
import { Checkpoints } from './streams/checkpoints';
import { startStreamConsumer } from './streams/consumer';
import { parseEventSourceMapping } from './streams/mapping';
import { ensureTable } from './tables/create';
import { Template, type Application, type TableDefinition } from './template/application';
import { asTemplateError, readTemplate } from './template/read';

export interface RunnerOptions {
  templatePath: string;
  /** An absolute path. */
  dataFolder: string;
  port: number;
  parameterOverrides: Record<string, string>;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Another engine's address; none is started then. */
  endpoint: string | undefined;
  /** Takes a line for the person at the terminal. */
  print: (line: string) => void;
}

export interface Runner {
  url: string;
  stop(): Promise<void>;
}

/** How long a stop waits for the batch that is under way. */
const streamStopMs = 5_000;

/** Beside the processor cores there is little to wait for: the engine is on the same machine. */
const maxEnvironmentsPerFunction = Math.max(4, 2 * availableParallelism());

/**
 * Runs a SAM template on this machine. What was started by a step that fails is ended again.
 * @throws TemplateError, BuildError, EngineMissingError, PortInUseError, AlreadyRunningError, MappingError,
 * CognitoStartError
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { print } = options;
  // What was started, each with how to end it; it ends in the reverse order.
  const started: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (let end = started.pop(); end; end = started.pop()) await end();
  };

  try {
    const { templatePath, parameterOverrides, region } = options;
    const template = asTemplateError(
      templatePath,
      () => new Template(readTemplate(templatePath), templatePath, parameterOverrides, region),
    );
    const { path: dataFolder, endedPids, release } = await holdDataFolder(options.dataFolder);
    started.push(() => {
      release();
      return Promise.resolve();
    });
    if (endedPids.length)
      print(`  cleared    ${endedPids.length} processes that a killed runner left behind`);

    const server = await openServer(options.port, print);
    started.push(() => server.stop());
    const url = `http://127.0.0.1:${server.port}`;
    for (const id of asTemplateError(templatePath, () => template.httpApis())) {
      template.attributes.set(`${id}.ApiEndpoint`, url);
    }

    const endpoint = options.endpoint ?? (await startLastingEngine(databasePath(dataFolder), print, started));
    print(`  engine     ${endpoint}`);
    const access: CloudAccess = { region: options.region, credentials: options.credentials, endpoint };

    const tables = asTemplateError(templatePath, () => template.tables());
    await makeTables(template, tables, access, print, started);
    const cognito = await startUserPools(template, access, dataFolder, print, started);
    if (cognito) access.cognitoEndpoint = cognito.server.endpoint;
    const application = asTemplateError(templatePath, () => template.application());
    const login = application.functions.find(({ id }) => id === loginFunctionId);
    if (login) login.environment = { ...login.environment, ...cognito?.demoUser };
    const pools = await startFunctions(application, access, dataFolder, print, started);
    const invoke = async (
      functionId: string,
      event: unknown,
      onLog?: (line: string) => void,
    ): Promise<Outcome> => {
      const pool = pools.get(functionId);
      if (pool) return pool.invoke(event, onLog);
      const error = 'There is no such function here.';
      return { ok: false, reason: 'notStarted', error, functionError: 'Unhandled', requestId: '' };
    };

    if (cognito) {
      const { triggers, unsupported } = collectTriggers(cognito.userPools, application.triggers);
      cognito.server.setTriggers(triggers, invoke);
      application.unsupported.push(...unsupported);
    }
    const invokeServer = await startInvokeServer(dataFolder, invoke);
    started.push(() => invokeServer.stop());
    await startStreams(application, access, dataFolder, invoke, print, started);

    const { routes, cors, unauthorizedHeaders } = application;
    const authorizer = new CognitoAuthorizer(cognito?.userPools ?? []);
    for (const { method, path, authorizer: wanted } of routes) {
      if (wanted && !authorizer.canAuthorize(wanted)) {
        application.unsupported.push(
          `${method} ${path}: its user pool is not of this template; it answers 401.`,
        );
      }
    }
    const gateway = new Gateway({ routes, cors, unauthorizedHeaders, authorizer, invoke, log: print });
    const stages = [...new Set(routes.map(({ stage }) => stage))].filter((s) => s !== '$default');
    server.serve(gateway, stages);
    // Once more, to be the first to stop: the requests under way still need what was started since.
    started.push(() => server.stop());
    for (const { method, path, functionId } of routes) {
      print(`  route      ${method} ${path} → ${functionId}`);
    }
    for (const sentence of application.unsupported) print(`  left out   ${sentence}`);
    return { url: `${url}/`, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Started = (() => Promise<void>)[];

async function makeTables(
  template: Template,
  tables: TableDefinition[],
  access: CloudAccess,
  print: (line: string) => void,
  started: Started,
): Promise<void> {
  const client = new DynamoDBClient(clientConfig(access));
  started.push(() => {
    client.destroy();
    return Promise.resolve();
  });
  for (const table of tables) {
    const made = await ensureTable(client, table);
    template.attributes.set(`${table.id}.Arn`, made.TableArn);
    template.attributes.set(`${table.id}.StreamArn`, made.LatestStreamArn);
    print(`  table      ${table.id}`);
  }
}

/** Cognito, where the template has a user pool. */
async function startUserPools(
  template: Template,
  { region, credentials }: CloudAccess,
  dataFolder: string,
  print: (line: string) => void,
  started: Started,
): Promise<{ server: CognitoServer; userPools: UserPool[]; demoUser: Record<string, string> } | undefined> {
  if (!template.resourcesOf('AWS::Cognito::UserPool').length) return undefined;
  const server = await startCognito({ dataFolder, region, print });
  started.push(() => server.stop());
  print(`  cognito    ${server.endpoint}`);
  const client = new CognitoIdentityProviderClient({ region, credentials, endpoint: server.endpoint });
  try {
    const userPools = await makeUserPools(client, template, server.endpoint, region, print);
    const hasLogin = template
      .resourcesOf('AWS::Serverless::Function')
      .some(({ id }) => id === loginFunctionId);
    const poolId = userPools[0]?.poolId;
    if (!hasLogin || poolId === undefined) return { server, userPools, demoUser: {} };
    const demoUser = await makeDemoUser(client, poolId);
    print(`  user       ${demoUser.DEMO_EMAIL}, password ${demoUser.DEMO_PASSWORD}, for Quick log in`);
    return { server, userPools, demoUser };
  } finally {
    client.destroy();
  }
}

async function startFunctions(
  application: Application,
  access: CloudAccess,
  dataFolder: string,
  print: (line: string) => void,
  started: Started,
): Promise<Map<string, FunctionPool>> {
  const buildFolder = join(dataFolder, 'build');
  const bootstrapFile = buildBootstrap(buildFolder);
  const pools = new Map<string, FunctionPool>();
  await Promise.all(
    application.functions
      .filter(({ isRun }) => isRun)
      .map(async (definition) => {
        const bundle = await buildFunction(definition, buildFolder);
        started.push(() => bundle.dispose());
        const { id } = definition;
        const pool = createPool(
          definition,
          bundle,
          bootstrapFile,
          access,
          maxEnvironmentsPerFunction,
          (line) => {
            print(`${id} | ${line}`);
          },
        );
        started.push(() => pool.stop());
        pools.set(id, pool);
        const failure = await pool.warm();
        print(failure === undefined ? `  function   ${id}` : `  function   ${id} does not start: ${failure}`);
        bundle.onRebuild((problem) => {
          if (problem !== undefined) print(`${id} does not compile, so the old code stays:\n${problem}`);
          else
            void pool.reload().then(() => {
              print(`${id} reloaded`);
            });
        });
      }),
  );
  return pools;
}

async function startStreams(
  application: Application,
  access: CloudAccess,
  dataFolder: string,
  invoke: (functionId: string, event: unknown) => Promise<Outcome>,
  print: (line: string) => void,
  started: Started,
): Promise<void> {
  if (!application.streams.length) return;
  const streams = new DynamoDBStreamsClient(clientConfig(access));
  started.push(() => {
    streams.destroy();
    return Promise.resolve();
  });
  const checkpoints = await Checkpoints.open(dataFolder, print);
  const queues = new FileQueues(join(dataFolder, 'queues'));
  for (const { id, functionId, properties } of application.streams) {
    const functionArn = `arn:aws:lambda:${access.region}:123456789012:function:${functionId}`;
    const owner = { id, functionName: functionId, functionArn };
    const { mapping, enabled, unsupportedProperties } = parseEventSourceMapping(owner, properties);
    for (const name of unsupportedProperties) application.unsupported.push(`${id}: ${name} is left out.`);
    if (!enabled) {
      application.unsupported.push(`${id}: is not enabled.`);
      continue;
    }
    const consumer = startStreamConsumer({
      mapping,
      streams,
      checkpoints,
      log: print,
      invoke: (event) => invoke(functionId, event),
      sendToDestination: (destination, message) => {
        const queueId = destination.split(':').at(-1) ?? destination;
        queues.send(queueId, message);
        print(`${functionId} gave a batch up; ${queues.path(queueId)} says which`);
        return Promise.resolve();
      },
    });
    // A handler that hangs is ended with its process, right after; the records come again.
    started.push(() => Promise.race([consumer.stop(), delay(streamStopMs, undefined, { ref: false })]));
    print(`  stream     ${id}`);
  }
}

function clientConfig({ region, credentials, endpoint }: CloudAccess): DynamoDBClientConfig {
  return { region, credentials, endpoint };
}
