/**
 * Runs cognito-local in a process of its own, and adds the rules of Cognito that it lacks.
 *
 * node server.js <folder of its data> <a file from which its packages are found> <port>
 *
 * This changes cognito-local's own classes, as it has no settings for any of it, so its version is pinned.
 */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { createRequire, Module } from 'node:module';
import { join } from 'node:path';
import { checkPassword, type PasswordPolicy } from './passwordPolicy';
import type { FromCognito, PoolTriggers, ToCognito, TriggerEvent } from './messages';

interface User {
  Username: string;
  Password: string;
  Enabled: boolean;
  UserStatus: string;
}

interface UserPool {
  options: {
    Policies?: { PasswordPolicy?: PasswordPolicy };
    AdminCreateUserConfig?: { AllowAdminCreateUserOnly?: unknown };
  };
  getUserByUsername(context: Context, name: string): Promise<User | null>;
  getUserByRefreshToken(context: Context, token: string): Promise<User | null>;
  storeRefreshToken(context: Context, token: string, user: User): Promise<void>;
}

interface AppClient {
  ExplicitAuthFlows?: string[];
  PreventUserExistenceErrors?: string;
}

interface Services {
  cognito: {
    getUserPool(context: Context, id: string): Promise<UserPool>;
    getUserPoolForClientId(context: Context, id: string): Promise<UserPool>;
    getAppClient(context: Context, id: string): Promise<AppClient | null>;
  };
}

/** The context of one request, which also holds the error of a trigger that failed. */
interface Context {
  triggerFailure?: Error;
}

interface CognitoRequest {
  AuthFlow?: string;
  AuthParameters?: Partial<Record<string, string>>;
  ChallengeName?: string;
  ChallengeResponses?: Partial<Record<string, string>>;
  ClientId: string;
  UserPoolId: string;
  Session?: string;
  Password?: string;
  TemporaryPassword?: string;
  ProposedPassword?: string;
}

interface CognitoResponse {
  ChallengeName?: string;
  ChallengeParameters?: Partial<Record<string, string>>;
  Session?: string;
  AuthenticationResult?: {
    AccessToken: string;
    RefreshToken?: string;
    ExpiresIn?: number;
    TokenType?: string;
  };
}

type Call = (context: Context, request: CognitoRequest) => Promise<CognitoResponse>;
type Target = (services: Services) => Call;
/** Wraps a call of cognito-local. */
type Rule = (call: Call, services: Services) => Call;

type ErrorClass = new (message?: string) => Error;

const [, , folder = '', requireFrom = '', port = ''] = process.argv;
const load = createRequire(requireFrom);
/** Loads the dependencies of cognito-local. */
const loadOfCognito = createRequire(load.resolve('cognito-local'));

leaveOutUnused();
const errors = load('cognito-local/lib/errors') as Record<
  'CognitoError' | 'NotAuthorizedError' | 'UserNotFoundError' | 'InvalidParameterError',
  ErrorClass
> & { CognitoError: new (code: string, message: string) => Error };

/** Cognito's default: three minutes to answer a challenge. */
const challengeTimeoutMs = 3 * 60_000;
const openChallenges = new Map<string, { username: string; clientId: string; untilMs: number }>();

const checkSignIn: Rule = (call, services) => async (context, request) => {
  const { AuthFlow = '', AuthParameters: given = {}, ClientId } = request;
  const pool = await services.cognito.getUserPoolForClientId(context, ClientId);
  const client = await services.cognito.getAppClient(context, ClientId);
  assertFlowAllowed(AuthFlow, client?.ExplicitAuthFlows ?? []);
  if (given.REFRESH_TOKEN !== undefined) {
    const user = await pool.getUserByRefreshToken(context, given.REFRESH_TOKEN);
    if (!user) throw new errors.NotAuthorizedError('Invalid Refresh Token');
    if (expirySeconds(given.REFRESH_TOKEN) * 1_000 < Date.now())
      throw new errors.NotAuthorizedError('Refresh Token has expired');
    assertEnabled(user);
    return call(context, request);
  }
  const user = await pool.getUserByUsername(context, given.USERNAME ?? '');
  if (!user && client?.PreventUserExistenceErrors === 'LEGACY')
    throw new errors.UserNotFoundError('User does not exist.');
  // cognito-local answers with NEW_PASSWORD_REQUIRED before it checks the old password.
  if (user?.Password !== given.PASSWORD)
    throw new errors.NotAuthorizedError('Incorrect username or password.');
  if (user) assertEnabled(user);
  return openChallenge(await call(context, request), request);
};

const checkChallenge: Rule = (call, services) => async (context, request) => {
  const { ChallengeResponses: given = {}, Session = '', ClientId } = request;
  const pool = await services.cognito.getUserPoolForClientId(context, ClientId);
  const user = await pool.getUserByUsername(context, given.USERNAME ?? '');
  const challenge = openChallenges.get(Session);
  if (
    challenge?.clientId !== ClientId ||
    challenge.username !== user?.Username ||
    challenge.untilMs < Date.now()
  ) {
    throw new errors.NotAuthorizedError('Invalid session for the user.');
  }
  assertEnabled(user);
  if (given.NEW_PASSWORD !== undefined) assertPassword(pool, given.NEW_PASSWORD);
  const response = await call(context, request);
  openChallenges.delete(Session);
  // cognito-local does not store the refresh token that it returns here.
  const token = response.AuthenticationResult?.RefreshToken;
  const changed = await pool.getUserByUsername(context, user.Username);
  if (token !== undefined && changed) await pool.storeRefreshToken(context, token, changed);
  return openChallenge(response, request);
};

const checkSignUp: Rule = (call, services) => async (context, request) => {
  const pool = await services.cognito.getUserPoolForClientId(context, request.ClientId);
  if (String(pool.options.AdminCreateUserConfig?.AllowAdminCreateUserOnly) === 'true')
    throw new errors.NotAuthorizedError('SignUp is not permitted for this user pool');
  assertPassword(pool, request.Password);
  return call(context, request);
};

const checkReset: Rule = (call, services) => async (context, request) => {
  assertPassword(await services.cognito.getUserPoolForClientId(context, request.ClientId), request.Password);
  return call(context, request);
};

const checkAdminPassword: Rule = (call, services) => async (context, request) => {
  const password = request.TemporaryPassword ?? request.Password;
  if (password !== undefined)
    assertPassword(await services.cognito.getUserPool(context, request.UserPoolId), password);
  return call(context, request);
};

const describeTokens: Rule = (call) => async (context, request) => {
  const response = await call(context, request);
  const tokens = response.AuthenticationResult;
  if (tokens) {
    tokens.TokenType = 'Bearer';
    tokens.ExpiresIn = expirySeconds(tokens.AccessToken) - Math.floor(Date.now() / 1_000);
  }
  return response;
};

/** cognito-local ignores a trigger that failed; Cognito returns the error to the caller. */
const returnTriggerFailure: Rule = (call) => async (context, request) => {
  const response = await call(context, request);
  if (context.triggerFailure) throw context.triggerFailure;
  return response;
};

/** The rules to add to each call. The first rule is the outermost. */
const rules: Record<string, Rule[]> = {
  InitiateAuth: [describeTokens, returnTriggerFailure, checkSignIn],
  AdminInitiateAuth: [describeTokens, returnTriggerFailure, checkSignIn],
  RespondToAuthChallenge: [describeTokens, returnTriggerFailure, checkChallenge],
  SignUp: [checkSignUp],
  ConfirmSignUp: [returnTriggerFailure],
  AdminConfirmSignUp: [returnTriggerFailure],
  ConfirmForgotPassword: [returnTriggerFailure, checkReset],
  AdminCreateUser: [checkAdminPassword],
  AdminSetUserPassword: [checkAdminPassword],
};

function assertFlowAllowed(flow: string, allowed: string[]): void {
  // By flow, the two values of ExplicitAuthFlows that allow it: the current one and its predecessor.
  const names: Partial<Record<string, string[]>> = {
    USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', 'USER_PASSWORD_AUTH'],
    ADMIN_USER_PASSWORD_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
    ADMIN_NO_SRP_AUTH: ['ALLOW_ADMIN_USER_PASSWORD_AUTH', 'ADMIN_NO_SRP_AUTH'],
  };
  const wanted = names[flow];
  if (wanted && !wanted.some((name) => allowed.includes(name)))
    throw new errors.InvalidParameterError(`${flow} flow not enabled for this client`);
}

function assertEnabled(user: User): void {
  if (!user.Enabled) throw new errors.NotAuthorizedError('User is disabled.');
}

function assertPassword(pool: UserPool, password = ''): void {
  const fault = checkPassword(password, pool.options.Policies?.PasswordPolicy);
  if (fault !== undefined) {
    const message = `Password did not conform with policy: ${fault}`;
    throw new errors.CognitoError('InvalidPasswordException', message);
  }
}

function openChallenge(response: CognitoResponse, { ClientId }: CognitoRequest): CognitoResponse {
  const username = response.ChallengeParameters?.USER_ID_FOR_SRP;
  if (response.Session !== undefined && username !== undefined) {
    const untilMs = Date.now() + challengeTimeoutMs;
    openChallenges.set(response.Session, { username, clientId: ClientId, untilMs });
  }
  return response;
}

function expirySeconds(token: string): number {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  return (JSON.parse(payload) as { exp: number }).exp;
}

function applyRules(): void {
  const { Targets } = load('cognito-local/lib/targets/targets') as { Targets: Record<string, Target> };
  for (const [name, ruleList] of Object.entries(rules)) {
    const own = Targets[name];
    if (!own) throw new Error(`This cognito-local has no ${name}.`);
    Targets[name] = (services) => ruleList.reduceRight((call, rule) => rule(call, services), own(services));
  }
}

/** cognito-local signs with a key that is published in its package; this key belongs to the data folder. */
function useOwnKey(): void {
  const file = join(folder, 'key.json');
  if (!existsSync(file)) {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs1', format: 'pem' });
    const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'CognitoLocal', alg: 'RS256', use: 'sig' };
    writeFileSync(`${file}.new`, JSON.stringify({ pem, jwk }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const { pem, jwk } = JSON.parse(readFileSync(file, 'utf8')) as { pem: string; jwk: unknown };
  Object.assign(load('cognito-local/lib/keys/cognitoLocal.private.json') as object, { pem, jwk: undefined });
  Object.assign(load('cognito-local/lib/keys/cognitoLocal.public.json') as object, { pem: undefined, jwk });
}

/** cognito-local overwrites a file from several places at once, so a kill or a race could leave half a file. */
function writeWhole(): void {
  interface Engine {
    path: string;
    serialize(data: unknown): string;
    write(data: unknown): Promise<void>;
  }
  const stormdb = loadOfCognito('stormdb') as {
    localFileEngine: { prototype: Engine };
  };
  const last = new Map<string, Promise<void>>();
  stormdb.localFileEngine.prototype.write = function write(data) {
    const { path } = this;
    const text = this.serialize(data);
    const written = (last.get(path) ?? Promise.resolve())
      .catch(() => undefined)
      .then(async () => {
        await writeFile(`${path}.new`, text, { mode: 0o600 });
        await rename(`${path}.new`, path);
      });
    last.set(path, written);
    return written;
  };
}

/** Triggers go to the runner, which has the functions. */
function sendTriggersToRunner(): void {
  interface LambdaService {
    enabled(trigger: string): boolean;
    invoke(context: Context, trigger: string, event: unknown): Promise<unknown>;
    createLambdaEvent(event: unknown): TriggerEvent;
  }
  const { LambdaService } = load('cognito-local/lib/services/lambda') as {
    LambdaService: { prototype: LambdaService };
  };
  let triggers: PoolTriggers = {};
  const waiting = new Map<string, (outcome: { response?: unknown; error?: string }) => void>();
  process.on('message', (message: ToCognito) => {
    if (message.kind === 'triggers') triggers = message.triggers;
    else {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
  Object.assign(LambdaService.prototype, {
    enabled: (trigger) => Object.values(triggers).some((own) => trigger in own),
    async invoke(context, trigger, given) {
      const event = this.createLambdaEvent(given);
      const functionId = triggers[event.userPoolId]?.[trigger];
      // Only another pool has this trigger, so the response stays unchanged.
      if (functionId === undefined) return event.response;
      const id = randomUUID();
      const { response, error } = await new Promise<{ response?: unknown; error?: string }>((resolve) => {
        waiting.set(id, resolve);
        send({ kind: 'trigger', id, functionId, event });
      });
      if (error === undefined) return (response as Partial<TriggerEvent> | null)?.response;
      context.triggerFailure = new errors.CognitoError(
        'UserLambdaValidationException',
        `${trigger} failed with error ${error}.`,
      );
      throw context.triggerFailure;
    },
  } satisfies Partial<LambdaService> & ThisType<LambdaService>);
}

/**
 * Loading these two packages takes most of the time that cognito-local needs to start. It uses them for triggers,
 * which go to the runner, and to encrypt codes for a CustomEmailSender, which is not among the triggers that run.
 */
function leaveOutUnused(): void {
  substitute('aws-sdk', { Lambda: Object, KMS: Object });
  substitute('@aws-crypto/client-node', { buildClient: () => ({}), CommitmentPolicy: {} });
}

function substitute(name: string, exports: unknown): void {
  const path = loadOfCognito.resolve(name);
  const module = new Module(path);
  loadOfCognito.cache[path] = Object.assign(module, { exports, loaded: true });
}

/** Prints messages at the terminal instead of sending them by mail or SMS. */
function printMessages(): void {
  interface Sender {
    sendToConsole(
      context: Context,
      user: User,
      destination: string,
      message: { __code?: string; emailMessage?: string; smsMessage?: string },
    ): Promise<void>;
  }
  const { ConsoleMessageSender } = load(
    'cognito-local/lib/services/messageDelivery/consoleMessageSender',
  ) as { ConsoleMessageSender: { prototype: Sender } };
  ConsoleMessageSender.prototype.sendToConsole = (_context, _user, destination, message) => {
    const text = message.emailMessage ?? message.smsMessage ?? '';
    console.log(
      `To ${destination}: ${[text, `code ${message.__code ?? 'none'}`].filter(Boolean).join(', ')}`,
    );
    return Promise.resolve();
  };
}

/** Logs errors only, one line each. */
function createLogger(): unknown {
  const pino = loadOfCognito('pino') as (
    options: { level: string },
    stream: { write(line: string): void },
  ) => unknown;
  const write = (line: string) => {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    console.error([msg, err?.message].filter(Boolean).join(': '));
  };
  return pino({ level: 'error' }, { write });
}

function send(message: FromCognito): void {
  process.send?.(message);
}

async function start(): Promise<void> {
  mkdirSync(join(folder, '.cognito'), { recursive: true });
  // cognito-local keeps its data below its working folder.
  process.chdir(folder);
  process.env.HOST = '127.0.0.1';
  process.env.PORT = port;
  // Without this, a pool that declares no user name attributes would accept e-mail addresses as user names.
  writeFileSync('.cognito/config.json', JSON.stringify({ UserPoolDefaults: { UsernameAttributes: [] } }));
  useOwnKey();
  writeWhole();
  applyRules();
  sendTriggersToRunner();
  printMessages();
  const cognitoLocal = load('cognito-local') as {
    createDefaultServer(logger: unknown): Promise<{ start(): Promise<unknown> }>;
  };
  await (await cognitoLocal.createDefaultServer(createLogger())).start();
  send({ kind: 'ready' });
}

// The channel closes when the runner ends, even by kill -9. Exiting is safe: each file is replaced by a rename.
process.on('disconnect', () => process.exit());
start().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
