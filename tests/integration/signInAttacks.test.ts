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
  it('is not taken over by signing in, whether the id is made up or an attacker’s own', async () => {
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

  it('is a new one each time, stored by its hash alone', async () => {
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
  it('is none of the other: a visitor’s id signs nobody in, and a sign-in’s counts no visits', async () => {
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

  it('is not opened by the key that stands in the table', async () => {
    const item = await sessions.read(idOf(await signedIn()));
    const key = String(item?.['session-id']);
    for (const text of [key, key.split('#')[1] ?? '']) {
      const browser = open();
      browser.cookies.set(signInCookie, text);
      expect(await browser.isSignedIn()).toBe(false);
    }
  });

  it('is no sign-in though a visitor’s item holds what one has', async () => {
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
    ['no origin that could be told', { origin: 'null' }],
    ['cross-site alone', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour under the same domain', { 'sec-fetch-site': 'same-site' }],
    ['a Host that the page cannot choose', { ...evil, 'x-forwarded-host': 'evil.example' }],
  ])('neither signs in nor out: %s', async (_, headers) => {
    const stranger = open();
    const login = await stranger.post('/login', { email: 'bob@example.com', password }, headers);
    expect([login.status, setCookies(login)]).toEqual([403, []]);
    expect(login.body).toContain(refused);
    const victim = await signedIn();
    const csrf = await victim.csrfToken();
    expect((await victim.post('/logout', { csrf }, headers)).status).toBe(403);
    expect(await victim.isSignedIn()).toBe(true);
  });

  it('gets no id token as JSON either', async () => {
    const answer = await send(world.runner.url, '/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...evil },
      body: JSON.stringify({ email: 'ann@example.com', password }),
    });
    expect([answer.status, answer.body]).toEqual([403, expect.stringContaining(refused)]);
  });

  it('is told from curl, which sends neither header and is nobody’s browser', async () => {
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
    ['none', () => Promise.resolve({})],
    ['an empty one', () => Promise.resolve({ csrf: '' })],
    ['one made up', () => Promise.resolve({ csrf: 'A'.repeat(43) })],
    ['that of another session', async () => ({ csrf: await (await signedIn()).csrfToken() })],
    ['the session id itself', (victim) => Promise.resolve({ csrf: idOf(victim) })],
  ])('takes the token of this very session: not %s', async (_, fields) => {
    const victim = await signedIn();
    expect((await victim.post('/logout', await fields(victim))).status).toBe(403);
    expect(await victim.isSignedIn()).toBe(true);
  });
});

describe('The way back', () => {
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
  ])('leads nowhere but home: %j', expectHome);

  it('leads nowhere but home where it has 10,000 characters', () => expectHome(`/${'a'.repeat(10_000)}`));

  async function expectHome(path: string): Promise<void> {
    const answers = [
      await open().signIn('ann@example.com', password, `/login?return=${encodeURIComponent(path)}`),
      await open().post('/login', { email: 'ann@example.com', password, return: path }),
    ];
    for (const { status, headers } of answers)
      expect([status, headers.location]).toEqual([303, '/restricted']);
  }
});

describe('A body', () => {
  const long = 'a'.repeat(10_000);
  const form = 'application/x-www-form-urlencoded';
  it.each<[string, string | undefined, string, number, string]>([
    ['broken JSON', 'application/json', '{"email":', 400, 'The body is not valid JSON.'],
    ['JSON that is no object', 'application/json', '["a"]', 400, 'The body must be a JSON object.'],
    ['null', 'application/json', 'null', 400, 'The body must be a JSON object.'],
    ['a number for text', 'application/json', '{"email":1}', 400, 'The field email must be text.'],
    ['a list for text', 'application/json', '{"email":["a"]}', 400, 'The field email must be text.'],
    ['nothing', 'application/json', '', 400, 'The body is not valid JSON.'],
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
    ['broken encoding', form, 'email=%zz&password=a', 400, 'The form has broken percent-encoding.'],
    ['an empty form', form, '', 400, 'The field email is missing.'],
    ['far too much', form, `email=${long.repeat(7)}`, 413, 'The body is larger than 65536 bytes.'],
    [
      'XML',
      'text/xml',
      '<a/>',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
    [
      'a file',
      'multipart/form-data; boundary=x',
      '--x--',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
    [
      'no type',
      undefined,
      'email=a',
      415,
      'The content type must be application/x-www-form-urlencoded or application/json.',
    ],
  ])('that does not do is refused in a sentence: %s', async (_, type, body, status, message) => {
    const headers = { accept: 'application/json', ...(type === undefined ? {} : { 'content-type': type }) };
    const answer = await send(world.runner.url, '/login', { method: 'POST', headers, body });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([status, { message }]);
  });

  it('with a script in the address has it neither run nor come back', async () => {
    const answer = await open().signIn('<script>alert(1)</script>@example.com');
    expect([answer.status, alertOf(answer)]).toEqual([401, wrong]);
    expect(answer.body).not.toContain('alert(1)');
  });
});

describe('Guessing', () => {
  it('meets the same words, headers and page for no account as for a wrong password', async () => {
    const [none, taken] = [
      await open().signIn('nobody@example.com', 'Wrong-password-12'),
      await open().signIn('bob@example.com', 'Wrong-password-12'),
    ];
    expect(none.body).toBe(taken.body);
    expect(none.status).toBe(401);
    expect(Object.keys(none.headers)).toEqual(Object.keys(taken.headers));
    expect(alertOf(taken)).toBe(wrong);
  });

  it('ends at a 429 that says when to come again, with the right password too, and for no account as well', async () => {
    for (const email of ['bob@example.com', 'nobody-else@example.com']) {
      let answer = await open().signIn(email, 'wrong');
      // Twice the limit, should a quarter of an hour begin meanwhile.
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

  it('is not counted for another by a made-up X-Forwarded-For', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7' };
    expect((await open().post('/login', { email: 'bob@example.com', password }, headers)).status).toBe(429);
  });
});
