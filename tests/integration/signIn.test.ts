import { AdminAddUserToGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { readFileSync } from 'node:fs';
import { readItems, templatePath } from '../support/engine';
import { endAll } from '../support/cleanup';
import { send } from '../support/http';
import {
  adminEmail,
  alertOf,
  Browser,
  password,
  setCookies,
  signInCookie,
  startSignInWorld,
  type SignInWorld,
} from '../support/signIn';

let world: SignInWorld;
const open = (headers?: Record<string, string>) => new Browser(world.runner.url, headers);

beforeAll(async () => {
  world = await startSignInWorld();
  await world.addUser('ann@example.com');
});

afterAll(endAll);

describe('The sign-in page', () => {
  it('is a form without scripts, with labels and the hints that password managers need', async () => {
    const { status, headers, body } = await open().get('/login?return=/counts/a');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('<form method="post" action="/login?return=%2Fcounts%2Fa">');
    for (const [id, hint] of [
      ['email', 'username'],
      ['password', 'current-password'],
    ]) {
      expect(body).toContain(`<label for="${id ?? ''}">`);
      expect(body).toMatch(new RegExp(`<input id="${id ?? ''}"[^>]*autocomplete="${hint ?? ''}"`));
    }
    expect(body).not.toMatch(/<script|onclick/i);
  });

  it('posts to the stage when it was opened under the stage', async () => {
    expect((await open().get('/Prod/login')).body).toContain('action="/Prod/login"');
  });
});

describe('Signing in by the form', () => {
  it('leads to the requested page, which shows the member but no token', async () => {
    await world.cognito.send(
      new AdminAddUserToGroupCommand({
        UserPoolId: world.poolId,
        GroupName: 'admins',
        Username: 'ann@example.com',
      }),
    );
    const browser = open();
    const sentAway = await browser.get('/restricted?from=2026-01-01');
    expect([sentAway.status, sentAway.headers.location]).toEqual([
      302,
      '/login?return=%2Frestricted%3Ffrom%3D2026-01-01',
    ]);
    const signedIn = await browser.signIn('ann@example.com', password, sentAway.headers.location as string);
    expect([signedIn.status, signedIn.headers.location]).toEqual([303, '/restricted?from=2026-01-01']);
    expect(signedIn.body).toBe('');
    const page = await browser.get('/restricted');
    expect(page.status).toBe(200);
    expect(page.body).toContain('ann@example.com');
    expect(page.body).toContain('admins');
    for (const answer of [signedIn, page]) {
      expect(JSON.stringify(answer)).not.toContain('eyJ');
      expect(answer.body).not.toContain(browser.cookies.get(signInCookie));
    }
  });

  it('stays under the stage when it began there', async () => {
    const browser = open();
    const sentAway = await browser.get('/Prod/restricted');
    expect(sentAway.headers.location).toBe('/Prod/login?return=%2Frestricted');
    const { headers } = await browser.signIn(
      'ann@example.com',
      password,
      sentAway.headers.location as string,
    );
    expect(headers.location).toBe('/Prod/restricted');
    expect((await browser.signIn('ann@example.com', password, '/Prod/login')).headers.location).toBe(
      '/Prod/restricted',
    );
  });

  it('sets a cookie that scripts cannot read and posts from other sites do not carry', async () => {
    const [cookie] = setCookies(await open().signIn('ann@example.com'));
    expect(cookie).toMatch(/^footfall-signin=s-[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it('limits the cookie to TLS and to this host everywhere except on the local machine', async () => {
    const browser = open({ host: 'count.example.com' });
    const answer = await browser.post(
      '/login',
      { email: 'ann@example.com', password },
      { origin: 'https://count.example.com' },
    );
    expect(setCookies(answer)[0]).toMatch(/^__Host-footfall-signin=s-[^;]+; .*Path=\/; .*Secure$/);
    expect(await browser.isSignedIn()).toBe(true);
  });

  it('accepts the address in the field username too', async () => {
    const answer = await open().post('/login', { username: 'ann@example.com', password });
    expect(answer.status).toBe(303);
  });
});

describe('An invited user', () => {
  const invitation = () =>
    new RegExp(`${adminEmail}, temporary password (\\S+)`).exec(world.runner.output())?.[1] ?? '';

  it('chooses a new password before the sign-in ends, and learns why a password is refused', async () => {
    const browser = open();
    const asked = await browser.signIn(adminEmail, invitation(), '/login?return=/counts/a');
    expect(asked.status).toBe(200);
    expect(asked.body).toContain('autocomplete="new-password"');
    // Cognito's challenge session stays on the server.
    const items = await readItems(world.table, 'SessionsTable', 'session-id');
    const [key = '', item] = Object.entries(items).find(([id]) => id.startsWith('password-change#')) ?? [];
    expect(key).toMatch(/^password-change#[\da-f]{64}$/);
    expect(JSON.stringify(asked)).not.toContain(String(item?.challenge));
    expect(await browser.isSignedIn()).toBe(false);

    const post = (one: string, other = one) =>
      browser.post('/login?return=/counts/a', { 'new-password': one, 'repeated-password': other });
    const short = await post('Short-1');
    expect([short.status, alertOf(short)]).toEqual([
      400,
      expect.stringMatching(/Password did not conform with policy: .*\w\.$/),
    ]);
    const unlike = await post(password, `${password}x`);
    expect([unlike.status, alertOf(unlike)]).toEqual([400, 'Enter the same password twice.']);
    const done = await post(password);
    expect([done.status, done.headers.location]).toEqual([303, '/counts/a']);
    expect([...browser.cookies.keys()]).toEqual([signInCookie]);
    expect((await browser.get('/restricted')).body).toContain(adminEmail);

    const again = await post(password);
    expect([again.status, alertOf(again)]).toEqual([
      400,
      'The time to choose a new password is over. Sign in with the temporary password again.',
    ]);
    expect((await open().signIn(adminEmail)).status).toBe(303);
  });

  it('can choose the password only in the browser that signed in', async () => {
    const answer = await open().post('/login', {
      'new-password': password,
      'repeated-password': password,
      email: adminEmail,
    });
    expect([answer.status, alertOf(answer)?.slice(0, 8)]).toEqual([400, 'The time']);
  });
});

describe('Signing in as JSON', () => {
  const post = (body: unknown) =>
    send(world.runner.url, '/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify(body),
    });

  it('returns the id token and sets no cookie', async () => {
    const answer = await post({ email: 'ann@example.com', password });
    expect([answer.status, setCookies(answer)]).toEqual([200, []]);
    const { idToken } = JSON.parse(answer.body) as { idToken: string };
    const claims = Buffer.from(idToken.split('.')[1] ?? '', 'base64url').toString();
    expect(JSON.parse(claims)).toMatchObject({ email: 'ann@example.com', token_use: 'id' });
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['idToken']);
  });

  it('answers a wrong password with a 401 and a sentence', async () => {
    const answer = await post({ email: 'ann@example.com', password: 'wrong' });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([
      401,
      { message: 'The email address or the password is wrong, or the password has expired.' },
    ]);
  });
});

describe('The home page', () => {
  it('shows the sign-in state and the cookies, but not the session id or a token', async () => {
    const browser = open();
    browser.cookies.set('theme', '<b>dark</b>');
    const before = await browser.get('/');
    expect(before.body).toContain('You are not signed in.');
    expect(before.body).toContain('<code>theme=&lt;b&gt;dark&lt;/b&gt;</code>');
    await browser.signIn('ann@example.com');
    const { body } = await browser.get('/');
    expect(body).toContain('You are signed in as <strong>ann@example.com</strong>');
    expect(body).toContain('<code>footfall-signin=(not shown)</code>');
    expect(body).not.toContain(browser.cookies.get(signInCookie));
    expect(body).not.toContain('eyJ');
  });

  it('omits the sign-in state in JSON', async () => {
    const browser = open();
    await browser.signIn('ann@example.com');
    const { body } = await browser.get('/', { accept: 'application/json' });
    expect(Object.keys(JSON.parse(body) as object)).toEqual(['message', 'table']);
  });
});

describe('The demo user', () => {
  it('appears in the output of npm start and signs in with one button', async () => {
    const [, email = '', secret = ''] =
      /user +(\S+), password (\S+), for Quick log in/.exec(world.runner.output()) ?? [];
    const browser = open();
    const { body } = await browser.get('/login');
    expect(body).toContain('<button class="quiet">Quick log in</button>');
    const [, fields = ''] =
      /<form [^>]*>\n((?:<input type="hidden"[^>]*>\n)+)<button class="quiet">Quick/.exec(body) ?? [];
    const values = [...fields.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(values)).toEqual({ email, password: secret });
    expect((await browser.signIn(email, secret)).status).toBe(303);
    expect((await browser.get('/restricted')).body).toContain(email);
    expect((await open().signIn(email, 'wrong')).status).toBe(401);
  });

  it('is absent from the template and from pages under any other host name', async () => {
    expect(readFileSync(templatePath, 'utf8')).not.toMatch(/demo/i);
    const { body } = await open({ host: 'count.example.com' }).get('/login');
    expect(body).toContain('Sign in');
    expect(body).not.toMatch(/quick|demo/i);
  });
});
