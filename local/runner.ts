import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CognitoAuthorizer } from './api/authorizer';
import { Gateway } from './api/gateway';
import { openServer } from './api/server';
import { loginFunctionId, makeDemoUser, type DemoUser } from './cognito/demoUser';
import { makeUserPools, type UserPool } from './cognito/pools';
import { startCognito, type CognitoServer } from './cognito/process';
import { collectTriggers } from './cognito/triggers';
import { buildFolder, databasePath, holdDataFolder } from './engine/dataFolder';
import { startSupervisedEngine } from './engine/supervisedEngine';
import { FunctionHost } from './functions/host';
import { startInvokeServer } from './functions/invokeServer';
import type { Outcome } from './functions/outcome';
import type { CloudAccess } from './functions/variables';
import { FileQueues } from './queues/fileQueue';
import type { Report } from './report';
import { Checkpoints } from './streams/checkpoints';
import { startStreamConsumer } from './streams/consumer';
import { parseEventSourceMapping } from './streams/mapping';
import { ensureTable } from './tables/create';
import { Template, type Application } from './template/application';
import { asTemplateError, readTemplate } from './template/read';
import { accountId } from './template/scope';

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
  report: Report;
}

export interface Runner {
  url: string;
  dataFolder: string;
  /** Where the demo user signs in, for a template that has a sign-in page. */
  signIn: { url: string; email: string; password: string } | undefined;
  /** A sentence for each part of the template that the runner leaves out. */
  unsupported: string[];
  /** Loads the functions ahead of the first requests, and reports those that cannot be loaded. */
  warm(): Promise<void>;
  stop(): Promise<void>;
}

/** Functions that end what was started. They are called in reverse order. */
type Started = (() => Promise<void>)[];

/** The values that the steps of a start share. */
interface Boot {
  template: Template;
  options: RunnerOptions;
  /** Without symbolic links. */
  dataFolder: string;
  host: FunctionHost;
  started: Started;
}

/** How long a stop waits for the batch that is under way. */
const streamStopMs = 5_000;

/**
 * Runs a SAM template on this machine. When a step fails, everything started before is ended.
 * @throws TemplateError, BuildError, EngineMissingError, PortInUseError, AlreadyRunningError, MappingError,
 * CognitoStartError
 */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const started: Started = [];
  const stop = async () => {
    for (let end = started.pop(); end; end = started.pop()) await end();
  };
  try {
    return { ...(await start(options, started)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: RunnerOptions, started: Started): Promise<Omit<Runner, 'stop'>> {
  const { report, templatePath } = options;
  const template = openTemplate(options);
  const dataFolder = await holdData(options, started);
  const server = await openServer(options.port, report.print);
  started.push(() => server.stop());
  const url = `http://127.0.0.1:${server.port}`;
  for (const id of asTemplateError(templatePath, () => template.httpApis()))
    template.attributes.set(`${id}.ApiEndpoint`, url);

  // These three do not depend on each other.
  const host = new FunctionHost(buildFolder(dataFolder), report);
  const boot: Boot = { template, options, dataFolder, host, started };
  const { functions } = asTemplateError(templatePath, () => template.application());
  const [access, cognito] = await allDone(startTables(boot), startUserPools(boot), host.build(functions));
  if (cognito) access.cognitoEndpoint = cognito.server.endpoint;

  const application = asTemplateError(templatePath, () => template.application());
  const login = application.functions.find(({ id }) => id === loginFunctionId);
  if (login) login.environment = { ...login.environment, ...cognito?.demoUser };
  host.start(application.functions, access);
  started.push(() => host.stop());
  const invoke: Invoke = (functionId, event, onLog) => host.invoke(functionId, event, onLog);

  if (cognito) runTriggers(application, cognito, invoke);
  const invokeServer = await startInvokeServer(dataFolder, invoke);
  started.push(() => invokeServer.stop());
  await startStreams(boot, application, access);
  const stages = [...new Set(application.routes.map(({ stage }) => stage))].filter((s) => s !== '$default');
  server.serve(createGateway(application, cognito?.userPools ?? [], invoke, report), stages);
  // Registered again to be the first to stop, as requests under way need everything else that runs.
  started.push(() => server.stop());

  for (const sentence of application.unsupported) report.detail(`  left out   ${sentence}`);
  return {
    url: `${url}/`,
    dataFolder,
    signIn: cognito?.demoUser && describeSignIn(application, url, cognito.demoUser),
    unsupported: application.unsupported,
    warm: () => host.warm(),
  };
}

type Invoke = (functionId: string, event: unknown, onLog?: (line: string) => void) => Promise<Outcome>;

function openTemplate({ templatePath, parameterOverrides, region }: RunnerOptions): Template {
  return asTemplateError(
    templatePath,
    () => new Template(readTemplate(templatePath), templatePath, parameterOverrides, region),
  );
}

/** @returns the folder's one name */
async function holdData({ dataFolder, report }: RunnerOptions, started: Started): Promise<string> {
  const { path, endedPids, release } = await holdDataFolder(dataFolder);
  started.push(() => {
    release();
    return Promise.resolve();
  });
  if (endedPids.length)
    report.print(`  cleared    ${endedPids.length} processes that a killed runner left behind`);
  return path;
}

/** Waits for all steps, so that a failure ends also what the others start. @throws the first error */
async function allDone<Values extends unknown[]>(
  ...steps: { [Index in keyof Values]: Promise<Values[Index]> }
): Promise<Values> {
  await Promise.allSettled(steps);
  return Promise.all(steps);
}

/** Starts the engine, unless another one is given, and makes the template's tables. */
async function startTables({ template, options, dataFolder, started }: Boot): Promise<CloudAccess> {
  const { report, region, credentials, templatePath } = options;
  const tables = asTemplateError(templatePath, () => template.tables());
  const endpoint =
    options.endpoint ?? (await startSupervisedEngine(databasePath(dataFolder), report, started));
  report.detail(`  engine     ${endpoint}`);
  const access: CloudAccess = { region, credentials, endpoint };
  const client = new DynamoDBClient(clientConfig(access));
  started.push(() => {
    client.destroy();
    return Promise.resolve();
  });
  for (const table of tables) {
    const made = await ensureTable(client, table);
    template.attributes.set(`${table.id}.Arn`, made.TableArn);
    template.attributes.set(`${table.id}.StreamArn`, made.LatestStreamArn);
    report.detail(`  table      ${table.id}`);
  }
  return access;
}

interface Cognito {
  server: CognitoServer;
  userPools: UserPool[];
  demoUser: DemoUser | undefined;
}

/** Cognito, where the template has a user pool. */
async function startUserPools({
  template,
  options,
  dataFolder,
  started,
}: Boot): Promise<Cognito | undefined> {
  const { region, credentials, report } = options;
  if (!template.resourcesOf('AWS::Cognito::UserPool').length) return undefined;
  const server = await startCognito({ dataFolder, region, print: report.print });
  started.push(() => server.stop());
  report.detail(`  cognito    ${server.endpoint}`);
  const client = new CognitoIdentityProviderClient({ region, credentials, endpoint: server.endpoint });
  try {
    const userPools = await makeUserPools(client, template, server.endpoint, region, report);
    const hasLogin = template
      .resourcesOf('AWS::Serverless::Function')
      .some(({ id }) => id === loginFunctionId);
    const poolId = userPools[0]?.poolId;
    if (!hasLogin || poolId === undefined) return { server, userPools, demoUser: undefined };
    const demoUser = await makeDemoUser(client, poolId);
    report.detail(
      `  user       ${demoUser.DEMO_EMAIL}, password ${demoUser.DEMO_PASSWORD}, for Quick log in`,
    );
    return { server, userPools, demoUser };
  } finally {
    client.destroy();
  }
}

function runTriggers(application: Application, { server, userPools }: Cognito, invoke: Invoke): void {
  const { triggers, unsupported } = collectTriggers(userPools, application.triggers);
  server.setTriggers(triggers, invoke);
  application.unsupported.push(...unsupported);
}

async function startStreams(
  { options: { report }, dataFolder, host, started }: Boot,
  application: Application,
  access: CloudAccess,
): Promise<void> {
  if (!application.streams.length) return;
  const streams = new DynamoDBStreamsClient(clientConfig(access));
  started.push(() => {
    streams.destroy();
    return Promise.resolve();
  });
  const checkpoints = await Checkpoints.open(dataFolder, report.print);
  const queues = new FileQueues(join(dataFolder, 'queues'));
  for (const { id, functionId, properties } of application.streams) {
    const functionArn = `arn:aws:lambda:${access.region}:${accountId}:function:${functionId}`;
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
      log: report.print,
      invoke: (event) => host.invoke(functionId, event),
      sendToDestination: (destination, message) => {
        const queueId = destination.split(':').at(-1) ?? destination;
        queues.send(queueId, message);
        report.print(`${functionId} gave a batch up. Its records are listed in ${queues.path(queueId)}`);
        return Promise.resolve();
      },
    });
    // A handler that hangs is ended right after, with its process. Its records are delivered again at the next start.
    started.push(() => Promise.race([consumer.stop(), delay(streamStopMs, undefined, { ref: false })]));
    report.detail(`  stream     ${id}`);
  }
}

function describeSignIn(
  { routes }: Application,
  url: string,
  { DEMO_EMAIL: email, DEMO_PASSWORD: password }: DemoUser,
): Runner['signIn'] {
  const route = routes.find(({ functionId, method }) => functionId === loginFunctionId && method === 'GET');
  return { url: url + (route?.path ?? '/'), email, password };
}

function createGateway(
  { routes, cors, unauthorizedHeaders, unsupported }: Application,
  userPools: UserPool[],
  invoke: Invoke,
  report: Report,
): Gateway {
  const authorizer = new CognitoAuthorizer(userPools);
  for (const { method, path, authorizer: wanted, functionId } of routes) {
    if (wanted && !authorizer.canAuthorize(wanted))
      unsupported.push(`${method} ${path}: its user pool is not of this template; it answers 401.`);
    report.detail(`  route      ${method} ${path} → ${functionId}`);
  }
  return new Gateway({ routes, cors, unauthorizedHeaders, authorizer, invoke, log: report.print });
}

function clientConfig({ region, credentials, endpoint }: CloudAccess): DynamoDBClientConfig {
  return { region, credentials, endpoint };
}
