import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { generateKeyPairSync } from 'node:crypto';
import { SignInSessions } from '../../src/signIn/signInSessions';
import { endAll } from '../support/cleanup';
import {
  addUserTo,
  Browser,
  forgeToken,
  password,
  SessionItems,
  setCookies,
  signInCookie,
  startSignInWorld,
  type SignInWorld,
} from '../support/signIn';

let world: SignInWorld;
let sessions: SessionItems;
const nowSeconds = () => Math.floor(Date.now() / 1_000);

async function signedIn(email = 'ann@example.com'): Promise<{ browser: Browser; id: string }> {
  const browser = new Browser(world.runner.url);
  expect((await browser.signIn(email)).status).toBe(303);
  return { browser, id: browser.cookies.get(signInCookie) ?? '' };
}

async function read(id: string): Promise<{ idToken: string; refreshToken: string; expires: number }> {
  return (await sessions.read(id)) as { idToken: string; refreshToken: string; expires: number };
}

/** Replaces the session's id token by an expired one. */
async function expireToken(id: string): Promise<string> {
  const { idToken } = await read(id);
  const past = forgeToken(idToken, world.key, { exp: nowSeconds() - 1 });
  await sessions.change(id, { idToken: past });
  return past;
}

const refresh = (REFRESH_TOKEN: string) =>
  world.cognito.send(
    new InitiateAuthCommand({
      ClientId: world.clientId,
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      AuthParameters: { REFRESH_TOKEN },
    }),
  );

beforeAll(async () => {
  world = await startSignInWorld();
  sessions = new SessionItems(world.table);
  await world.addUser('ann@example.com');
});

afterAll(endAll);

describe('Signing out', () => {
  it('ends the session on the server, so neither the old cookie nor the refresh token works', async () => {
    const { browser, id } = await signedIn();
    const { refreshToken } = await read(id);
    expect((await refresh(refreshToken)).AuthenticationResult?.IdToken).toBeDefined();
    const answer = await browser.signOut();
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(setCookies(answer)).toEqual([`${signInCookie}=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax`]);
    expect(await sessions.read(id)).toBeUndefined();
    browser.cookies.set(signInCookie, id);
    expect(await browser.isSignedIn()).toBe(false);
    await expect(refresh(refreshToken)).rejects.toThrow('Invalid Refresh Token');
  });

  it('leaves the member’s other sessions open, and succeeds without a session', async () => {
    const [one, other] = [await signedIn(), await signedIn()];
    await one.browser.signOut();
    expect(await other.browser.isSignedIn()).toBe(true);
    await expireToken(other.id);
    expect(await other.browser.isSignedIn()).toBe(true);
    expect((await one.browser.post('/logout', {})).status).toBe(303);
  });

  it('is final: a page that loads at the same time does not restore the session', async () => {
    const { id } = await signedIn();
    const store = new SignInSessions(world.table, 'SessionsTable');
    await store.end(id);
    expect(await store.replaceIdToken(id, 'a.b.c')).toBe(false);
    expect(await sessions.read(id)).toBeUndefined();
  });
});

describe('Two simultaneous sign-ins', () => {
  it('make two sessions, and each refreshes its own tokens', async () => {
    const both = await Promise.all([signedIn(), signedIn()]);
    expect(new Set(both.map(({ id }) => id)).size).toBe(2);
    for (const { browser, id } of both) {
      await expireToken(id);
      expect(await browser.isSignedIn()).toBe(true);
    }
  });
});

describe('Expired tokens', () => {
  it('are refreshed while the member stays signed in', async () => {
    const { browser, id } = await signedIn();
    const past = await expireToken(id);
    expect((await browser.get('/')).body).toContain('ann@example.com');
    const fresh = (await read(id)).idToken;
    expect(fresh).not.toBe(past);
    expect(await browser.isSignedIn()).toBe(true);
    expect((await read(id)).idToken).toBe(fresh);
  });

  it.each(['disabled', 'deleted'])('are not refreshed for a user who was %s', async (fate) => {
    const Username = `${fate}@example.com`;
    await world.addUser(Username);
    const { browser, id } = await signedIn(Username);
    const who = { UserPoolId: world.poolId, Username };
    await (fate === 'disabled'
      ? world.cognito.send(new AdminDisableUserCommand(who))
      : world.cognito.send(new AdminDeleteUserCommand(who)));
    await expireToken(id);
    expect(await browser.isSignedIn()).toBe(false);
    expect(await sessions.read(id)).toBeUndefined();
  });
});

describe('A sign-in session', () => {
  it.each<[string, () => number | undefined]>([
    ['that ended this second', nowSeconds],
    ['that ended last year', () => nowSeconds() - 365 * 86_400],
    ['without an end', () => undefined],
  ])('%s is no longer valid, although its item still exists', async (_, expires) => {
    const { browser, id } = await signedIn();
    await sessions.change(id, { expires: expires() });
    expect(await browser.isSignedIn()).toBe(false);
    expect((await browser.get('/')).body).toContain('You are not signed in.');
  });

  it('ends after three days without use, and after thirty days in any case', async () => {
    const store = new SignInSessions(world.table, 'SessionsTable');
    const [day, startMs] = [86_400_000, Date.UTC(2024, 0, 1)];
    const tokens = { idToken: 'a', refreshToken: 'b' };
    const unused = await store.begin(tokens, startMs);
    expect(await store.find(unused, startMs + 3 * day)).toBeUndefined();
    const used = await store.begin(tokens, startMs);
    for (let days = 2; days <= 28; days += 2) {
      expect(await store.find(used, startMs + days * day)).toBeDefined();
    }
    expect(await store.find(used, startMs + 30 * day - 1_000)).toBeDefined();
    expect(await store.find(used, startMs + 30 * day)).toBeUndefined();
  });

  it('is extended by at most one write an hour', async () => {
    const { browser, id } = await signedIn();
    const { expires } = await read(id);
    await sessions.change(id, { expires: expires - 60 });
    await browser.isSignedIn();
    expect((await read(id)).expires).toBe(expires - 60);
    await sessions.change(id, { expires: expires - 3_600 });
    await browser.isSignedIn();
    expect((await read(id)).expires).toBeGreaterThanOrEqual(expires);
  });
});

describe('An id token in the table', () => {
  const { privateKey: ownKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  it.each<[string, (token: string) => string]>([
    ['the algorithm none', (token) => forgeToken(token, 'none', { email: 'boss@example.com' })],
    ['a key of the attacker', (token) => forgeToken(token, ownKey, {})],
    ['a key of the attacker, expired', (token) => forgeToken(token, ownKey, { exp: 1 })],
    ['another audience', (token) => forgeToken(token, world.key, { aud: 'somebody' })],
    ['another issuer', (token) => forgeToken(token, world.key, { iss: 'https://example.com' })],
    ['an access token', (token) => forgeToken(token, world.key, { token_use: 'access' })],
    ['no expiry', (token) => forgeToken(token, world.key, { exp: undefined })],
    ['no subject', (token) => forgeToken(token, world.key, { sub: undefined })],
    ['three parts that do not decode', () => 'a.b.c'],
  ])('is still verified, and refused with %s', async (_, change) => {
    const { browser, id } = await signedIn();
    const { idToken } = await read(id);
    await sessions.change(id, { idToken: forgeToken(idToken, world.key, { groups: ['x'] }) });
    expect(await browser.isSignedIn()).toBe(true);
    await sessions.change(id, { idToken: change(idToken) });
    expect(await browser.isSignedIn()).toBe(false);
  });

  it("is refused from another pool, although the pool's real key signed it", async () => {
    const { cognito } = world;
    const UserPoolId = (await cognito.send(new CreateUserPoolCommand({ PoolName: 'other' }))).UserPool?.Id;
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'other',
        ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      }),
    );
    await addUserTo(cognito, UserPoolId ?? '', 'ann@example.com');
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        ClientId: UserPoolClient?.ClientId,
        AuthFlow: 'USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: 'ann@example.com', PASSWORD: password },
      }),
    );
    const { browser, id } = await signedIn();
    await sessions.change(id, { idToken: AuthenticationResult?.IdToken });
    expect(await browser.isSignedIn()).toBe(false);
  });
});
