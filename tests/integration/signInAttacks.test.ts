import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../support/cleanup';
import { send } from '../support/http';
import {
  alertOf,
  Browser,
  password,
  SessionItems,
  setCookies,
  signInCookie,
  startSignInWorld,
  type SignInWorld,
} from '../support/signIn';

let world: SignInWorld;
let sessions: SessionItems;
const open = () => new Browser(world.runner.url);
const wrong = 'The email address or the password is wrong, or the password has expired.';
const refused = 'This form has expired.';

async function signedIn(email = 'ann@example.com'): Promise<Browser> {
  const browser = open();
  expect((await browser.signIn(email)).status).toBe(303);
  return browser;
}

const idOf = (browser: Browser) => browser.cookies.get(signInCookie) ?? '';

beforeAll(async () => {
  world = await startSignInWorld();
  sessions = new SessionItems(world.table);
  await world.addUser('ann@example.com');
  await world.addUser('bob@example.com');
});

afterAll(endAll);

describe('A planted session', () => {
  it('is not kept by the sign-in, whether its id is made up or belongs to the attacker', async () => {
    const mallory = await signedIn('bob@example.com');
    for (const planted of [`s-${'A'.repeat(43)}`, idOf(mallory)]) {
      const victim = open();
      victim.cookies.set(signInCookie, planted);
      await victim.signIn('ann@example.com');
      expect(idOf(victim)).not.toBe(planted);
      expect((await victim.get('/restricted')).body).toContain('ann@example.com');
      expect(await sessions.read(planted)).toBeUndefined();
    }
    expect(await mallory.isSignedIn()).toBe(false);
  });

  it('is replaced by a new id at each sign-in, and only the hash of the id is stored', async () => {
    const browser = await signedIn();
    const first = idOf(browser);
    await browser.signIn('ann@example.com');
    expect(idOf(browser)).not.toBe(first);
    const item = await sessions.read(idOf(browser));
    expect(JSON.stringify(item)).not.toContain(idOf(browser));
    expect(await sessions.read(first)).toBeUndefined();
  });
});

describe('A session of one kind', () => {
  it('is not valid as the other kind: a visitor’s id does not sign in, and a sign-in id does not count visits', async () => {
    const visitor = open();
    await visitor.get('/session');
    const visitorId = visitor.cookies.get('footfall-visitor') ?? '';
    expect(visitorId).toMatch(/^v-/);
    visitor.cookies.set(signInCookie, visitorId);
    expect(await visitor.isSignedIn()).toBe(false);

    const browser = await signedIn();
    const signInId = idOf(browser);
    browser.cookies.set('footfall-visitor', signInId);
    const { body } = await browser.get('/session');
    expect(body).toContain('counter: 1');
    expect(body).not.toContain(signInId);
  });

  it('does not open with the key that the table stores', async () => {
    const item = await sessions.read(idOf(await signedIn()));
    const key = String(item?.['session-id']);
    for (const text of [key, key.split('#')[1] ?? '']) {
      const browser = open();
      browser.cookies.set(signInCookie, text);
      expect(await browser.isSignedIn()).toBe(false);
    }
  });

  it('does not sign in from the visitor sessions table, even with the attributes of a sign-in session', async () => {
    const item = await sessions.read(idOf(await signedIn()));
    const id = `s-${'B'.repeat(43)}`;
    const Item = marshall({ ...item, 'session-id': id });
    await world.table.send(new PutItemCommand({ TableName: 'SessionsTable', Item }));
    const browser = open();
    browser.cookies.set(signInCookie, id);
    expect(await browser.isSignedIn()).toBe(false);
  });
});

describe('A post from another site', () => {
  const evil = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  it.each<[string, Record<string, string>]>([
    ['both headers', evil],
    ['the origin alone', { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' }],
    ['another port', { origin: 'http://127.0.0.1:1' }],
    ['an opaque origin', { origin: 'null' }],
    ['cross-site alone', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling subdomain', { 'sec-fetch-site': 'same-site' }],
    ['both headers and a forged X-Forwarded-Host', { ...evil, 'x-forwarded-host': 'evil.example' }],
  ])('can neither sign in nor sign out: %s', async (_, headers) => {
    const stranger = open();
    const login = await stranger.post('/login', { email: 'bob@example.com', password }, headers);
    expect([login.status, setCookies(login)]).toEqual([403, []]);
    expect(login.body).toContain(refused);
    const victim = await signedIn();
    const csrf = await victim.csrfToken();
    expect((await victim.post('/logout', { csrf }, headers)).status).toBe(403);
    expect(await victim.isSignedIn()).toBe(true);
  });

  it('gets no id token when it asks for JSON', async () => {
    const answer = await send(world.runner.url, '/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...evil },
      body: JSON.stringify({ email: 'ann@example.com', password }),
    });
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining(refused)]);
  });

  it('differs from a call by curl, which sends neither header and may sign in', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = new URLSearchParams({ email: 'ann@example.com', password }).toString();
    const answer = await send(world.runner.url, '/login', { method: 'POST', headers: form, body });
    expect(answer.status).toBe(303);
    const cookie = (setCookies(answer)[0] ?? '').split(';')[0] ?? '';
    const out = await send(world.runner.url, '/logout', { method: 'POST', headers: { ...form, cookie } });
    expect(out.status).toBe(403);
  });
});

describe('Signing out', () => {
  it.each<[string, (victim: Browser) => Promise<Record<string, string>>]>([
    ['without a CSRF token', () => Promise.resolve({})],
    ['with an empty token', () => Promise.resolve({ csrf: '' })],
    ['with a made-up token', () => Promise.resolve({ csrf: 'A'.repeat(43) })],
    ["with another session's token", async () => ({ csrf: await (await signedIn()).csrfToken() })],
    ['with the session id as the token', (victim) => Promise.resolve({ csrf: idOf(victim) })],
  ])('is refused %s', async (_, fields) => {
    const victim = await signedIn();
    expect((await victim.post('/logout', await fields(victim))).status).toBe(403);
    expect(await victim.isSignedIn()).toBe(true);
  });
});

describe('The return path', () => {
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/%2Fevil.example',
    '/%5cevil.example',
    '/../../evil',
    '/a\r\nset-cookie: a=b',
    'javascript:alert(1)',
    '',
  ])('%j is replaced by the dashboard', expectHome);

  it('of 10,000 characters is replaced by the dashboard', () => expectHome(`/${'a'.repeat(10_000)}`));

  async function expectHome(path: string): Promise<void> {
    const answers = [
      await open().signIn('ann@example.com', password, `/login?return=${encodeURIComponent(path)}`),
      await open().post('/login', { email: 'ann@example.com', password, return: path }),
    ];
    for (const { status, headers } of answers)
      expect([status, headers.location]).toEqual([303, '/restricted']);
  }
});

describe('A sign-in body', () => {
  const long = 'a'.repeat(10_000);
  const form = 'application/x-www-form-urlencoded';
  it.each<[string, string | undefined, string, number, string]>([
    ['broken JSON', 'application/json', '{"email":', 400, 'The body is not valid JSON.'],
    ['a JSON list', 'application/json', '["a"]', 400, 'The body must be a JSON object.'],
    ['null', 'application/json', 'null', 400, 'The body must be a JSON object.'],
    ['a number where text belongs', 'application/json', '{"email":1}', 400, 'The field email must be text.'],
    [
      'a list where text belongs',
      'application/json',
      '{"email":["a"]}',
      400,
      'The field email must be text.',
    ],
    ['an empty body', 'application/json', '', 400, 'The body is not valid JSON.'],
    ['no password', 'application/json', '{"email":"a@b"}', 400, 'The field password is missing.'],
    [
      'a long address',
      form,
      `email=${long}&password=a`,
      400,
      'The field email is longer than 128 characters.',
    ],
    [
      'a long password',
      form,
      `email=a&password=${long}`,
      400,
      'The field password is longer than 256 characters.',
    ],
    ['broken percent-encoding', form, 'email=%zz&password=a', 400, 'The form has broken percent-encoding.'],
    ['an empty form', form, '', 400, 'The field email is missing.'],
    [
      'a body over the size limit',
      form,
      `email=${long.repeat(7)}`,
      413,
      'The body is larger than 65536 bytes.',
    ],
    [
      'XML',
      'text/xml',
      '<a/>',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
    [
      'a file upload',
      'multipart/form-data; boundary=x',
      '--x--',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
    [
      'no content type',
      undefined,
      'email=a',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
  ])('that is invalid is refused with one sentence: %s', async (_, type, body, status, message) => {
    const headers = { accept: 'application/json', ...(type === undefined ? {} : { 'content-type': type }) };
    const answer = await send(world.runner.url, '/login', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { message }]);
  });

  it('with a script as the address gets a page without that script', async () => {
    const answer = await open().signIn('<script>alert(1)</script>@example.com');
    expect([answer.status, alertOf(answer)]).toEqual([401, wrong]);
    expect(answer.body).not.toContain('alert(1)');
  });
});

describe('Guessing a password', () => {
  it('gets the same page and headers for an unknown account as for a wrong password', async () => {
    const [none, taken] = [
      await open().signIn('nobody@example.com', 'Wrong-password-12'),
      await open().signIn('bob@example.com', 'Wrong-password-12'),
    ];
    expect(none.body).toBe(taken.body);
    expect(none.status).toBe(401);
    expect(Object.keys(none.headers)).toEqual(Object.keys(taken.headers));
    expect(alertOf(taken)).toBe(wrong);
  });

  it('ends in a 429 with Retry-After, even with the right password or for an unknown account', async () => {
    for (const email of ['bob@example.com', 'nobody-else@example.com']) {
      let answer = await open().signIn(email, 'wrong');
      // Up to twice the limit, in case a new quarter of an hour begins during the test.
      for (let tries = 1; tries < 20 && answer.status === 401; tries++) {
        answer = await open().signIn(email, 'wrong');
      }
      expect([answer.status, alertOf(answer)]).toEqual([429, expect.stringMatching(/^Too many attempts/)]);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
      expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(900);
      expect((await open().signIn(email)).status).toBe(429);
    }
    expect((await open().signIn('ann@example.com')).status).toBe(303);
  });

  it('is counted for the real address, whatever X-Forwarded-For the caller sends', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect((await open().post('/login', { email: 'bob@example.com', password }, headers)).status).toBe(429);
  });
});
