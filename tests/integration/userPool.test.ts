import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserPasswordCommand,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  type InitiateAuthCommandOutput,
} from '@aws-sdk/client-cognito-identity-provider';
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listProcesses } from '../../local/engine/processes';
import { endAll, endLater } from '../support/cleanup';
import { credentials, region } from '../support/engine';
import { send } from '../support/http';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../support/runner';

afterAll(endAll);

const template = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: { Runtime: nodejs24.x, Timeout: 10 }
  Api:
    Auth:
      Authorizers:
        Members: { UserPoolArn: !GetAtt Pool.Arn }
        ByHeader: { UserPoolArn: !GetAtt Pool.Arn, Identity: { Header: X-Token } }
        Scoped: { UserPoolArn: !GetAtt Pool.Arn, AuthorizationScopes: [aws.cognito.signin.user.admin] }
        Elsewhere: { UserPoolArn: arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_Nobody123 }
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: people
      UsernameAttributes: [email]
      AutoVerifiedAttributes: [email]
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true }
      LambdaConfig: { PreAuthentication: !GetAtt EchoFunction.Arn }
      Policies: { PasswordPolicy: { MinimumLength: 12 } }
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
  SrpClient:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref Pool, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH] }
  Admins:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: admins }
  Staff:
    Type: AWS::Cognito::UserPoolGroup
    Properties: { UserPoolId: !Ref Pool, GroupName: staff }
  Ann:
    Type: AWS::Cognito::UserPoolUser
    Properties:
      UserPoolId: !Ref Pool
      Username: ann@example.com
      UserAttributes: [{ Name: email, Value: ann@example.com }, { Name: email_verified, Value: 'true' }]
  AnnIsAdmin:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: { UserPoolId: !Ref Pool, GroupName: !Ref Admins, Username: !Ref Ann }
  AnnIsStaff:
    Type: AWS::Cognito::UserPoolUserToGroupAttachment
    Properties: { UserPoolId: !Ref Pool, GroupName: !Ref Staff, Username: !Ref Ann }
  OtherPool: { Type: AWS::Cognito::UserPool }
  OtherClient:
    Type: AWS::Cognito::UserPoolClient
    Properties: { UserPoolId: !Ref OtherPool, ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH] }
  Bob:
    Type: AWS::Cognito::UserPoolUser
    Properties: { UserPoolId: !Ref OtherPool, Username: bob }
  TriggerTable:
    Type: AWS::Serverless::SimpleTable
    Properties: { PrimaryKey: { Name: user, Type: String } }
  EchoFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => ({
          statusCode: 200,
          body: JSON.stringify({ authorizer: event.requestContext.authorizer, env: process.env }),
        });
      Environment:
        Variables:
          POOL: !Ref Pool
          POOL_ID: !GetAtt Pool.UserPoolId
          ARN: !GetAtt Pool.Arn
          URL: !GetAtt Pool.ProviderURL
          NAME: !GetAtt Pool.ProviderName
          CLIENT: !Ref Client
          CLIENT_ID: !GetAtt Client.ClientId
          OTHER: !Sub '\${OtherPool} \${OtherClient}'
      Events:
        Open: { Type: Api, Properties: { Method: GET, Path: /open } }
        Mine: { Type: Api, Properties: { Method: GET, Path: /mine, Auth: { Authorizer: Members } } }
        Header: { Type: Api, Properties: { Method: GET, Path: /header, Auth: { Authorizer: ByHeader } } }
        Scope: { Type: Api, Properties: { Method: GET, Path: /scope, Auth: { Authorizer: Scoped } } }
        Scopes:
          Type: Api
          Properties:
            { Method: GET, Path: /scopes, Auth: { Authorizer: Members, AuthorizationScopes: [visits/read] } }
        Far: { Type: Api, Properties: { Method: GET, Path: /far, Auth: { Authorizer: Elsewhere } } }
        Iam: { Type: Api, Properties: { Method: GET, Path: /iam, Auth: { Authorizer: AWS_IAM } } }
  NoteFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => {
          console.log('noted ' + JSON.stringify(event));
          if (event.request.clientMetadata?.fail) throw new Error('as asked');
          return event;
        };
      Events:
        SignedIn: { Type: Cognito, Properties: { UserPool: !Ref Pool, Trigger: [PostAuthentication] } }
`;

const password = 'Correct-horse-battery-1';

interface Answer {
  authorizer: { claims: Record<string, string> } | null;
  env: Record<string, string>;
}

let templateFolder: string;
let folder: string;
let runner: RunnerProcess;
let env: Record<string, string>;
let cognito: CognitoIdentityProviderClient;
let tokens: { IdToken: string; AccessToken: string; RefreshToken: string };

const start = () =>
  startRunnerProcess(folder, { args: ['--template', join(templateFolder, 'template.yaml')] });

async function readEnv(): Promise<Record<string, string>> {
  return (JSON.parse((await send(runner.url, '/open')).body) as Answer).env;
}

async function ask(path: string, token?: string, header = 'Authorization') {
  const { status, body, headers } = await send(
    runner.url,
    path,
    token === undefined ? {} : { headers: { [header]: token } },
  );
  return { status, body: JSON.parse(body) as Partial<Answer> & { message?: string }, headers };
}

function signIn(
  USERNAME: string,
  PASSWORD: string,
  ClientId = env.CLIENT,
): Promise<InitiateAuthCommandOutput> {
  const AuthParameters = { USERNAME, PASSWORD };
  return cognito.send(new InitiateAuthCommand({ AuthFlow: 'USER_PASSWORD_AUTH', ClientId, AuthParameters }));
}

/** Answers the new-password challenge of an invited user, as the sign-in form does. */
async function acceptInvitation(user: string, ClientId = env.CLIENT) {
  const temporary = new RegExp(`: ${user}, temporary password (\\S+)`).exec(runner.output())?.[1] ?? '';
  const { ChallengeName, Session } = await signIn(user, temporary, ClientId);
  const ChallengeResponses = { USERNAME: user, NEW_PASSWORD: password };
  return cognito.send(
    new RespondToAuthChallengeCommand({ ClientId, ChallengeName, Session, ChallengeResponses }),
  );
}

/** Changes a token's header and claims and signs the result with another key, or with none. */
function forge(token: string, key: KeyObject | 'none', changes: object, header: object = {}): string {
  const [head = '', payload = ''] = token.split('.');
  const encode = (part: string, more: object) => {
    const old = JSON.parse(Buffer.from(part, 'base64url').toString()) as object;
    return Buffer.from(JSON.stringify({ ...old, ...more })).toString('base64url');
  };
  const signed = `${encode(head, key === 'none' ? { alg: 'none' } : header)}.${encode(payload, changes)}`;
  return `${signed}.${key === 'none' ? '' : sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** The signing key of the pools in this data folder. */
function realKey(): KeyObject {
  const { pem } = JSON.parse(readFileSync(join(folder, 'cognito/key.json'), 'utf8')) as { pem: string };
  return createPrivateKey(pem);
}

const processesOf = (dataFolder: string) =>
  listProcesses().filter(({ argv }) => argv.some((part) => part.includes(dataFolder)));

beforeAll(async () => {
  templateFolder = makeFolder();
  folder = makeFolder();
  writeFileSync(join(templateFolder, 'template.yaml'), template);
  runner = await start();
  env = await readEnv();
  cognito = new CognitoIdentityProviderClient({
    region,
    credentials,
    endpoint: env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER ?? '',
  });
  endLater(() => {
    cognito.destroy();
  });
  const { AuthenticationResult } = await acceptInvitation('ann@example.com');
  tokens = AuthenticationResult as typeof tokens;
});

describe('npm start with user pools', () => {
  it('lists the resources that it started and the ones that it does not run', () => {
    const output = runner.output();
    expect(output).toContain(`user pool  Pool: ${env.POOL ?? ''}`);
    expect(output).toContain(`client     Client: ${env.CLIENT ?? ''}`);
    expect(output).toContain('group      Admins: admins');
    expect(output).toContain('Pool: the trigger PreAuthentication (EchoFunction) is not run.');
    expect(output).toContain('GET /far: its user pool is not of this template; it answers 401.');
    expect(output).toContain('GET /iam: has an authorizer, which is not run, so it answers 401.');
    expect(output).not.toMatch(/AWS::Cognito|warn/i);
  });

  it('resolves references and attributes to the running pool', async () => {
    const { POOL, CLIENT, URL: issuer = '', OTHER } = env;
    expect(env).toMatchObject({
      POOL_ID: POOL,
      ARN: `arn:aws:cognito-idp:us-east-1:123456789012:userpool/${POOL ?? ''}`,
      NAME: issuer.replace('http://', ''),
      CLIENT_ID: CLIENT,
    });
    expect(OTHER).not.toContain(POOL);
    expect(await (await fetch(`${issuer}/.well-known/jwks.json`)).json()).toMatchObject({
      keys: [{ alg: 'RS256' }],
    });
    const payload = Buffer.from(tokens.IdToken.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(payload)).toMatchObject({ iss: issuer, aud: CLIENT, token_use: 'id' });
  });
});

describe('A Cognito authorizer', () => {
  it('accepts a valid id token and passes its claims on as strings', async () => {
    for (const token of [tokens.IdToken, `Bearer ${tokens.IdToken}`]) {
      const { status, body } = await ask('/mine', token);
      expect(status).toBe(200);
      expect(body.authorizer?.claims).toMatchObject({
        email: 'ann@example.com',
        email_verified: 'true',
        'cognito:groups': 'admins,staff',
        aud: env.CLIENT,
        iss: env.URL,
        auth_time: expect.stringMatching(/^\d+$/) as unknown,
        exp: expect.stringMatching(/^\w{3} \w{3} \d\d [\d:]{8} UTC \d{4}$/) as unknown,
      });
    }
  });

  const { privateKey: ownKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const past = Math.floor(Date.now() / 1_000) - 60;
  it.each<[string, () => string | undefined]>([
    ['no token', () => undefined],
    ['an empty token', () => ''],
    ['text that is not a token', () => 'garbage'],
    ['three parts that do not decode', () => 'a.b.c'],
    ['the algorithm none', () => forge(tokens.IdToken, 'none', {})],
    ['a truncated signature', () => tokens.IdToken.slice(0, -20)],
    [
      'changed claims under the original signature',
      () => splice(tokens.IdToken, { email: 'bob@example.com' }),
    ],
    ['a key of the attacker', () => forge(tokens.IdToken, ownKey, {})],
    ['a key of the attacker, expired', () => forge(tokens.IdToken, ownKey, { exp: past })],
    ['an unknown key id', () => forge(tokens.IdToken, ownKey, {}, { kid: 'other' })],
    ['no expiry', () => forge(tokens.IdToken, realKey(), { exp: undefined })],
    ['another audience', () => forge(tokens.IdToken, realKey(), { aud: 'somebody' })],
    ["another pool's client", () => forge(tokens.IdToken, realKey(), { aud: env.OTHER?.split(' ')[1] })],
    ['another issuer', () => forge(tokens.IdToken, realKey(), { iss: 'https://example.com' })],
    ['an access token', () => tokens.AccessToken],
    ['a refresh token', () => tokens.RefreshToken],
  ])('answers 401, as API Gateway does, to %s', async (_, token) => {
    const { status, body, headers } = await ask('/mine', token());
    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
    expect(headers['x-amzn-errortype']).toBe('UnauthorizedException');
  });

  it('names the expiry in its 401 to a valid token that has expired', async () => {
    const { status, body } = await ask('/mine', forge(tokens.IdToken, realKey(), { exp: past }));
    expect([status, body]).toEqual([401, { message: 'The incoming token has expired' }]);
  });

  it("refuses another pool's token that is signed with the pool's real key", async () => {
    const { AuthenticationResult } = await acceptInvitation('bob', env.OTHER?.split(' ')[1]);
    const { status, body } = await ask('/mine', AuthenticationResult?.IdToken);
    expect([status, body]).toEqual([401, { message: 'Unauthorized' }]);
  });

  it('reads the token from the header that the template names', async () => {
    expect((await ask('/header', tokens.IdToken)).status).toBe(401);
    expect((await ask('/header', tokens.IdToken, 'x-token')).status).toBe(200);
  });

  it('requires an access token with one of the scopes that the template lists', async () => {
    expect((await ask('/scope', tokens.AccessToken)).status).toBe(200);
    expect((await ask('/scope', tokens.IdToken)).status).toBe(401);
    expect((await ask('/scopes', tokens.AccessToken)).status).toBe(401);
  });

  it.each(['/far', '/iam'])(
    'refuses every call of %s, whose authorizer does not run locally',
    async (path) => {
      expect((await ask(path, tokens.IdToken)).status).toBe(401);
    },
  );
});

describe('Local sign-in applies rules of Cognito that cognito-local lacks', () => {
  it('gives one error for a wrong name and for a wrong password, before and after the first sign-in', async () => {
    const error = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    await expect(signIn('ann@example.com', 'wrong')).rejects.toMatchObject(error);
    await expect(signIn('nobody@example.com', 'wrong')).rejects.toMatchObject(error);
    await setPassword('ann@example.com', 'temporary password', false);
    await expect(signIn('ann@example.com', 'wrong')).rejects.toMatchObject(error);
    await setPassword('ann@example.com', password, true);
  });

  it('refuses an answer to a challenge that it did not issue, and a weak password', async () => {
    await setPassword('ann@example.com', 'temporary password', false);
    const { Session } = await signIn('ann@example.com', 'temporary password');
    const answer = (NEW_PASSWORD: string, session = Session) =>
      cognito.send(
        new RespondToAuthChallengeCommand({
          ClientId: env.CLIENT,
          ChallengeName: 'NEW_PASSWORD_REQUIRED',
          Session: session,
          ChallengeResponses: { USERNAME: 'ann@example.com', NEW_PASSWORD },
        }),
      );
    await expect(answer(password, '0'.repeat(36))).rejects.toMatchObject({ name: 'NotAuthorizedException' });
    await expect(answer('short')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    expect((await answer(password)).AuthenticationResult).toMatchObject({
      ExpiresIn: 3600,
      TokenType: 'Bearer',
    });
    await expect(answer(password)).rejects.toMatchObject({ name: 'NotAuthorizedException' });
  });

  it('refuses the sign-in and the refresh of a disabled user', async () => {
    const user = { UserPoolId: env.POOL, Username: 'ann@example.com' };
    await cognito.send(new AdminDisableUserCommand(user));
    await expect(signIn('ann@example.com', password)).rejects.toThrow('User is disabled.');
    await expect(refresh()).rejects.toThrow('User is disabled.');
    await cognito.send(new AdminEnableUserCommand(user));
    expect((await refresh()).AuthenticationResult?.IdToken).toBeDefined();
  });

  it('allows a client only the flows that its definition enables', async () => {
    await expect(
      cognito.send(
        new AdminInitiateAuthCommand({
          UserPoolId: env.POOL,
          ClientId: env.CLIENT,
          AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME: 'ann@example.com', PASSWORD: password },
        }),
      ),
    ).rejects.toThrow('flow not enabled for this client');
  });

  it('refuses a sign-up where only administrators create users', async () => {
    const command = new SignUpCommand({
      ClientId: env.CLIENT,
      Username: 'eve@example.com',
      Password: password,
    });
    await expect(cognito.send(command)).rejects.toThrow('SignUp is not permitted for this user pool');
  });
});

describe('A trigger of the pool', () => {
  it('runs at each sign-in to its own pool, and only there', async () => {
    const count = () => runner.output().match(/noted /g)?.length ?? 0;
    const before = count();
    await signIn('ann@example.com', password);
    await waitFor(() => count() === before + 1);
    const [, text = ''] = /.*noted (.*)/s.exec(runner.output().trimEnd()) ?? [];
    expect(JSON.parse(text.split('\n')[0] ?? '')).toMatchObject({
      version: '1',
      region,
      userPoolId: env.POOL,
      triggerSource: 'PostAuthentication_Authentication',
      request: { userAttributes: { email: 'ann@example.com' } },
    });
  });

  it('makes the sign-in fail when it fails', async () => {
    await setPassword('ann@example.com', 'temporary password', false);
    const { Session } = await signIn('ann@example.com', 'temporary password');
    const command = new RespondToAuthChallengeCommand({
      ClientId: env.CLIENT,
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session,
      ChallengeResponses: { USERNAME: 'ann@example.com', NEW_PASSWORD: password },
      ClientMetadata: { fail: 'yes' },
    });
    await expect(cognito.send(command)).rejects.toMatchObject({
      name: 'UserLambdaValidationException',
      message: 'PostAuthentication failed with error as asked.',
    });
  });
});

describe('Pools, clients and users', () => {
  it('survive a restart, and their tokens stay valid', async () => {
    expect(await runner.end('SIGTERM')).toBe(0);
    expect(processesOf(folder)).toEqual([]);
    runner = await start();
    expect(await readEnv()).toMatchObject({
      POOL: env.POOL,
      CLIENT: env.CLIENT,
      URL: env.URL,
      OTHER: env.OTHER,
    });
    expect((await ask('/mine', tokens.IdToken)).status).toBe(200);
    expect((await signIn('ann@example.com', password)).AuthenticationResult?.IdToken).toBeDefined();
    expect(runner.output()).toMatch(/user +Ann: ann@example\.com$/m);
  });

  it('survive a kill -9, and one Cognito process is left', async () => {
    await runner.end('SIGKILL');
    runner = await start();
    expect(await readEnv()).toMatchObject({ POOL: env.POOL, CLIENT: env.CLIENT, URL: env.URL });
    expect((await ask('/mine', tokens.IdToken)).status).toBe(200);
    expect(
      processesOf(folder).filter(({ argv }) => argv.some((part) => part.endsWith('/cognito/server.js'))),
    ).toHaveLength(1);
  });

  it('come back when the Cognito process ends by itself', async () => {
    const [server] = processesOf(folder).filter(({ argv }) =>
      argv.some((part) => part.endsWith('/cognito/server.js')),
    );
    if (!server) throw new Error('Cognito is not among the processes.');
    process.kill(server.pid, 'SIGKILL');
    await waitFor(() => runner.output().includes('Cognito ended (SIGKILL). It is started again.'));
    const signedIn = () =>
      signIn('ann@example.com', password).then(
        () => true,
        () => false,
      );
    await waitFor(signedIn);
    expect((await ask('/mine', tokens.IdToken)).status).toBe(200);
    expect(await runner.end('SIGTERM')).toBe(0);
    expect(processesOf(folder)).toEqual([]);
  });
});

describe('A template without a user pool', () => {
  it('starts no Cognito process', async () => {
    const plain = makeFolder();
    const other = makeFolder();
    writeFileSync(
      join(plain, 'template.yaml'),
      'Resources: { Names: { Type: AWS::Serverless::SimpleTable } }\n',
    );
    const without = await startRunnerProcess(other, { args: ['--template', join(plain, 'template.yaml')] });
    expect(without.output()).not.toMatch(/cognito/i);
    expect(processesOf(other).filter(({ argv }) => argv.some((part) => part.includes('/cognito')))).toEqual(
      [],
    );
    expect(await without.end('SIGTERM')).toBe(0);
  });
});

async function setPassword(Username: string, Password: string, Permanent: boolean) {
  await cognito.send(
    new AdminSetUserPasswordCommand({ UserPoolId: env.POOL, Username, Password, Permanent }),
  );
}

function refresh() {
  return cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: env.CLIENT,
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    }),
  );
}

function splice(token: string, changes: object): string {
  const [head = '', payload = '', signature = ''] = token.split('.');
  const old = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  return [head, Buffer.from(JSON.stringify({ ...old, ...changes })).toString('base64url'), signature].join(
    '.',
  );
}
