import { endAll } from '../support/cleanup';
import { startTestEngine } from '../support/engine';
import { readEvent } from '../support/events';
import { startFunction, type TestFunction } from '../support/functions';

afterAll(endAll);

describe('The sample events of sign-in', () => {
  let login: TestFunction;
  let logout: TestFunction;
  let dashboard: TestFunction;
  beforeAll(async () => {
    const engine = await startTestEngine();
    [login, logout, dashboard] = await Promise.all([
      startFunction('LoginFunction', engine),
      startFunction('LogoutFunction', engine),
      startFunction('DashboardFunction', engine),
    ]);
  });

  it('login.json gets the form under its stage without a demo user', async () => {
    const { statusCode, body } = await login.answer(readEvent('login.json'));
    expect(statusCode).toBe(200);
    expect(body).toContain('action="/Prod/login?return=%2Fcounts%2Fhello"');
    expect(body).not.toMatch(/demo|quick/i);
  });

  it('login.crossSite.json is refused before any call to Cognito', async () => {
    expect((await login.answer(readEvent('login.crossSite.json'))).statusCode).toBe(403);
  });

  it('logout.json has no session, so it is redirected home and its cookie is cleared', async () => {
    const { statusCode, headers, multiValueHeaders } = await logout.answer(readEvent('logout.json'));
    expect([statusCode, headers.location]).toEqual([303, '/Prod/']);
    expect(multiValueHeaders?.['set-cookie']).toEqual([
      '__Host-footfall-signin=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure',
    ]);
  });

  it('dashboard.json has no session, so it is redirected to the sign-in with a return path', async () => {
    const { statusCode, headers } = await dashboard.answer(readEvent('dashboard.json'));
    expect([statusCode, headers.location]).toEqual([
      302,
      '/Prod/login?return=%2Frestricted%3Ffrom%3D2026-11-01',
    ]);
  });
});
