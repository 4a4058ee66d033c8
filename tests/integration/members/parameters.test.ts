import {
  ConfirmSignUpCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { endAll } from '../../support/cleanup';
import { send } from '../../support/http';
import { makeFolder, startRunnerProcess, waitFor, type RunnerProcess } from '../../support/runner';
import { memberPassword, TestUserPool } from '../../support/userPool';

afterAll(endAll);

let runner: RunnerProcess;
let pool: TestUserPool;

beforeAll(async () => {
  const overrides = [
    'AdminEmail=chief@example.com',
    'SelfSignUp=true',
    'AllowedOrigins=https://example.com,https://example.org',
  ];
  runner = await startRunnerProcess(makeFolder(), { args: ['--parameter-overrides', ...overrides] });
  pool = new TestUserPool(runner);
  await pool.addUser('ann@example.com');
});

const ask = (path: string, token: string, headers: Record<string, string> = {}) =>
  send(runner.url, path, { headers: { ...headers, Authorization: token } });

describe('AdminEmail', () => {
  it('invites the first administrator, who can list the members after choosing a password', async () => {
    const [, temporary = ''] = /chief@example\.com, temporary password (\S+)/.exec(runner.output()) ?? [];
    const ClientId = pool.clientId();
    const { ChallengeName, Session } = await pool.client.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId,
        AuthParameters: { USERNAME: 'chief@example.com', PASSWORD: temporary },
      }),
    );
    expect(ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
    const answer = (NEW_PASSWORD: string) =>
      pool.client.send(
        new RespondToAuthChallengeCommand({
          ...{ ClientId, ChallengeName, Session },
          ChallengeResponses: { USERNAME: 'chief@example.com', NEW_PASSWORD },
        }),
      );
    await expect(answer('Too-short-1')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    const { AuthenticationResult } = await answer(memberPassword);
    const { status, body } = await ask('/users', AuthenticationResult?.IdToken ?? '');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toMatchObject({ users: [{ email: 'chief@example.com', version: 1 }] });
  });
});

describe('SelfSignUp', () => {
  it('lets strangers become members, but not administrators', async () => {
    const ClientId = pool.clientId();
    const Username = 'eve@example.com';
    const name = '<script>alert(1)</script>';
    const signUp = (Password: string) =>
      pool.client.send(
        new SignUpCommand({
          ...{ ClientId, Username, Password },
          UserAttributes: [
            { Name: 'email', Value: Username },
            { Name: 'name', Value: name },
          ],
        }),
      );
    await expect(signUp('short')).rejects.toMatchObject({ name: 'InvalidPasswordException' });
    await signUp(memberPassword);
    const ConfirmationCode = await waitFor(
      () => /To eve@example\.com: .*code (\S+)/.exec(runner.output())?.[1],
    );
    await pool.client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
    const eve = await pool.signIn(Username);
    expect(JSON.parse((await ask(`/users/${eve.sub}`, eve.IdToken)).body)).toMatchObject({
      name,
      email: Username,
      version: 1,
    });
    expect((await ask('/users', eve.IdToken)).status).toBe(403);
  });
});

describe('AllowedOrigins', () => {
  const preflight = (origin: string) =>
    send(runner.url, '/users', {
      method: 'OPTIONS',
      headers: { Origin: origin, 'Access-Control-Request-Method': 'GET' },
    });

  it.each(['https://example.com', 'https://example.org'])(
    'allows pages of %s to call the API',
    async (origin) => {
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBe(origin);
      const { IdToken } = await pool.signIn('ann@example.com');
      const { headers } = await ask('/users', IdToken, { Origin: origin });
      expect(headers).toMatchObject({ 'access-control-allow-origin': origin, vary: 'Accept, Origin' });
    },
  );

  it.each(['https://example.net', 'null', 'https://example.com.evil.net', 'http://example.com'])(
    'makes browsers withhold the answer from pages of %s',
    async (origin) => {
      expect((await preflight(origin)).headers).not.toHaveProperty('access-control-allow-origin');
      const { IdToken } = await pool.signIn('ann@example.com');
      const { headers } = await ask('/users', IdToken, { Origin: origin });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});
