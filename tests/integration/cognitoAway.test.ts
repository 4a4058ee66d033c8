import { createCognitoClient } from '../../src/aws/cognito';
import { IdTokens } from '../../src/signIn/idTokens';
import { CognitoUnavailableError } from '../../src/errors/unavailableErrors';
import { SignInSessions } from '../../src/signIn/signInSessions';
import { UserPool } from '../../src/signIn/userPool';
import { findFreePort } from '../../local/engine/engine';
import { describeError } from '../../src/web/errors';
import { parseRequest, type Request } from '../../src/http/request';
import { BrowserSessions, signInCookie } from '../../src/web/browserSessions';
import { endAll, endLater } from '../support/cleanup';
import { region, startTestEngine } from '../support/engine';
import { restEvent } from '../support/events';

let sessions: SignInSessions;
let userPool: UserPool;
let browsers: BrowserSessions;
const nowMs = Date.UTC(2026, 0, 1);

beforeAll(async () => {
  const engine = await startTestEngine();
  // Nobody listens on this port.
  const endpoint = `http://127.0.0.1:${await findFreePort()}`;
  process.env.AWS_REGION = region;
  process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER = endpoint;
  const client = createCognitoClient();
  endLater(() => {
    client.destroy();
  });
  sessions = new SignInSessions(engine.client, 'SessionsTable');
  userPool = new UserPool(client, 'client');
  browsers = new BrowserSessions(sessions, userPool, new IdTokens(`${endpoint}/pool`, 'client'));
});

afterAll(endAll);

function requestWith(id: string): Request {
  const headers = { Cookie: `__Host-${signInCookie}=${id}` };
  return parseRequest(restEvent({ route: '/restricted', path: '/restricted', headers }));
}

/** A well-formed token whose key the code would have to fetch. */
const idToken = [{ alg: 'RS256', kid: 'a' }, { iss: 'x' }, 'signature']
  .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
  .join('.');

describe('While Cognito is unreachable', () => {
  it('a sign-in fails with a 503 instead of the error for a wrong password', async () => {
    const error: unknown = await userPool.signIn('ann@example.com', 'a').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CognitoUnavailableError);
    expect(describeError(error)).toEqual({
      ...{ status: 503, retryAfterSeconds: 5 },
      message: 'Footfall cannot reach its user pool. Try again in a few seconds.',
    });
  });

  it('a session is not accepted without the keys, but it is kept', async () => {
    const id = await sessions.begin({ idToken, refreshToken: 'r' }, nowMs);
    await expect(browsers.find(requestWith(id), nowMs)).rejects.toBeInstanceOf(CognitoUnavailableError);
    expect(await sessions.find(id, nowMs)).toBeDefined();
  });

  it('a sign-out still ends the session', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const id = await sessions.begin({ idToken, refreshToken: 'r' }, nowMs);
    expect(await browsers.signOut(requestWith(id))).toContain('Max-Age=0');
    expect(await sessions.find(id, nowMs)).toBeUndefined();
    expect(logged).toHaveBeenCalledTimes(1);
  });
});
