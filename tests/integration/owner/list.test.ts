import { endAll } from '../../support/cleanup';
import type { HttpAnswer } from '../../support/http';
import { putItems, startOwnerWorld, type OwnerWorld } from '../../support/owner';
import { makeFolder, startRunnerProcess } from '../../support/runner';
import { Browser, signInCookie } from '../../support/signIn';

interface List {
  tags: { tag: string; count: number; start?: number }[];
  tagsFound: number;
  visitsFound: number;
  total: number;
  next?: string;
}

const blog = Array.from({ length: 120 }, (_, index) => ({ ID: `/blog/${index}`, Count: index % 7 }));
const odd = [
  { ID: '=cmd|calc', Count: 1 },
  { ID: '+1', Count: 1 },
  { ID: '-1', Count: 1 },
  { ID: '@SUM(A1)', Count: 1 },
  { ID: 'say "hi", Ann', Count: 1 },
  { ID: '<script>alert(1)</script>', Count: 1 },
  { ID: '/moved', Count: 2, Start: 700, StartOrigin: 'old site' },
];

let world: OwnerWorld;

beforeAll(async () => {
  world = await startOwnerWorld();
  await putItems(world.table, 'DynamoDBTable', [...blog, ...odd]);
});
afterAll(endAll);

const parse = ({ body }: HttpAnswer) => JSON.parse(body) as List;
const askJson = async (query: string) => {
  const answer = await world.member.get(`/counts?${query}`, { accept: 'application/json' });
  return { status: answer.status, list: parse(answer) };
};
const askCsv = (query = '') => world.member.get(`/counts?format=csv${query}`);

describe('A private list of tags', () => {
  it('leads a person to the sign-in and back to the requested page', async () => {
    const browser = world.stranger();
    const away = await browser.get('/counts?prefix=%2Fblog%2F&limit=10');
    expect([away.status, away.headers.location]).toEqual([
      302,
      '/login?return=%2Fcounts%3Fprefix%3D%252Fblog%252F%26limit%3D10',
    ]);
    const back = await browser.signIn('ann@example.com', undefined, away.headers.location as string);
    expect(back.headers.location).toBe('/counts?prefix=%2Fblog%2F&limit=10');
    const page = await browser.get(back.headers.location as string);
    expect([page.status, page.headers['cache-control']]).toEqual([200, 'no-store']);
    expect(page.body).toContain('href="/counts/%2Fblog%2F');
  });

  it.each(['', '?format=json', '?format=csv'])('answers a program at /counts%s with a 401', async (query) => {
    const { status, body } = await world.stranger().get(`/counts${query}`, { accept: 'application/json' });
    expect([status, JSON.parse(body)]).toEqual([401, { message: 'Sign in first.' }]);
  });

  it.each([
    ["a visitor's cookie", () => `session-id=v-${'x'.repeat(32)}`],
    ['a made-up session id', () => `${signInCookie}=s-${'x'.repeat(43)}`],
    ["a member's truncated session id", () => `${signInCookie}=${sessionOf(world.member).slice(0, -1)}`],
    ["a member's session id in a cookie of another name", () => `session-id=${sessionOf(world.member)}`],
  ])('is not opened by %s', async (_, cookie) => {
    expect((await world.stranger().get('/counts', { cookie: cookie() })).status).toBe(302);
  });

  it('leaves the counts of one tag open to everybody', async () => {
    expect((await world.stranger().get('/counts/moved')).status).toBe(200);
  });

  it('shows members the dashboard link in its header instead of the sign-in link', async () => {
    const { body } = await world.member.get('/counts');
    expect(body).toContain('>Dashboard</a>');
    expect(body).not.toContain('>Sign in</a>');
  });
});

describe('The list of tags', () => {
  it.each([7, 50, 1_000])('in pages of %d contains each of 127 tags once, sorted by count', async (limit) => {
    const seen: List['tags'] = [];
    let after = '';
    do {
      const { list } = await askJson(`limit=${limit}${after && `&after=${after}`}`);
      expect(list.tags.length).toBeLessThanOrEqual(limit);
      expect(list.tagsFound).toBe(127);
      seen.push(...list.tags);
      after = list.next ?? '';
    } while (after !== '');
    expect(seen.map(({ tag }) => tag).sort()).toEqual([...blog, ...odd].map(({ ID }) => ID).sort());
    const counts = seen.map(({ count }) => count);
    expect(counts).toEqual([...counts].sort((one, other) => other - one));
  });

  it('can be read to its end through the links of its pages', async () => {
    const tags = new Set<string>();
    let path: string | undefined = '/counts?prefix=%2Fblog%2F&limit=50';
    let pages = 0;
    while (path !== undefined) {
      const { status, body } = await world.member.get(path);
      expect(status).toBe(200);
      for (const [, tag = ''] of body.matchAll(/<tr><td><a href="[^"]*">([^<]*)<\/a>/g)) tags.add(tag);
      path = /<a rel="next" href="([^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&');
      pages += 1;
    }
    expect([pages, tags.size]).toEqual([3, 120]);
  });

  it('finds tags by a case-sensitive prefix', async () => {
    expect((await askJson('prefix=%2Fblog%2F11')).list.tagsFound).toBe(11);
    expect((await askJson('prefix=%2FBlog')).list).toMatchObject({ tagsFound: 0, visitsFound: 0, tags: [] });
    expect((await askJson('prefix=say%20%22')).list.tags).toEqual([{ tag: 'say "hi", Ann', count: 1 }]);
    expect((await world.member.get('/counts?prefix=none')).body).toContain('No matching tags.');
  });

  it('shows a starting count next to the count and excludes it from the sum', async () => {
    const { list } = await askJson('prefix=%2Fmoved');
    expect(list).toMatchObject({ tags: [{ tag: '/moved', count: 2, start: 700 }], visitsFound: 2 });
    const { body } = await world.member.get('/counts?prefix=%2Fmoved');
    expect(body).toContain('Before Footfall');
    expect(body).toContain('<td class="number">700');
  });

  it('shows a script in a tag or in the search field as text', async () => {
    const { body } = await world.member.get('/counts?prefix=%3Cscript%3E');
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body).toContain('value="&lt;script&gt;"');
    expect(body).not.toContain('<script');
  });

  const place = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  it.each([
    ...['after=', 'after=x', 'after=..%2F..', `after=${'A'.repeat(5_000)}`],
    ...[null, 5, [], ['1', 'a'], [1, 2], { count: 1 }].map((value) => `after=${place(value)}`),
    ...['limit=0', 'limit=-1', 'limit=1.5', 'limit=1001', 'limit=all', 'limit=1e2'],
    ...['format=xml', 'format=CSV', 'format='],
    'format=csv&limit=10001',
  ])('refuses %s with 400 and a sentence', async (query) => {
    const { status, body } = await world.member.get(`/counts?${query}`, { accept: 'application/json' });
    expect(status).toBe(400);
    expect((JSON.parse(body) as { message: string }).message).toMatch(/^`\w+` (must be|is not) .+\.$/);
  });

  it('continues after the position of a tag that no longer exists', async () => {
    const { list } = await askJson(`prefix=%2Fblog%2F&limit=1&after=${place([6, '/blog/20z'])}`);
    expect(list.tags).toEqual([{ tag: '/blog/27', count: 6 }]);
  });
});

describe('The list as CSV', () => {
  it('is a download in which a spreadsheet finds no formulas', async () => {
    const { status, headers, body } = await askCsv();
    expect([status, headers['content-type'], headers['content-disposition']]).toEqual([
      200,
      'text/csv; charset=utf-8',
      'attachment; filename="footfall-counts.csv"',
    ]);
    expect(headers.link).toBeUndefined();
    const lines = body.split('\r\n');
    expect(lines[0]).toBe('tag,count,start');
    expect(lines).toHaveLength(127 + 2);
    for (const line of ["'=cmd|calc,1,0", "'+1,1,0", "'-1,1,0", "'@SUM(A1),1,0", '/moved,2,700'])
      expect(lines).toContain(line);
    expect(lines).toContain('"say ""hi"", Ann",1,0');
    expect(body).not.toMatch(/^"?[=+@-]/m);
  });

  it('links to the next file in a Link header until the last file', async () => {
    const tags: string[] = [];
    let answer = await world.member.get('/Prod/counts?format=csv&prefix=%2Fblog%2F&limit=100');
    for (;;) {
      tags.push(...answer.body.split('\r\n').slice(1, -1));
      const next = /^<(\/Prod\/counts\?[^>]+)>; rel="next"$/.exec(String(answer.headers.link))?.[1];
      if (next === undefined) break;
      answer = await world.member.get(next);
      expect(answer.status).toBe(200);
    }
    expect(answer.headers.link).toBeUndefined();
    expect(new Set(tags).size).toBe(120);
    expect(tags).toHaveLength(120);
  });
});

describe('PublicList', () => {
  it('opens the list in every format to everybody and shows a sign-in link', async () => {
    const { url } = await startRunnerProcess(makeFolder(), {
      args: ['--parameter-overrides', 'PublicList=true'],
    });
    const browser = new Browser(url);
    await browser.get('/tags/open');
    const page = await browser.get('/counts');
    expect(page.status).toBe(200);
    expect(page.body).toContain('href="/counts/open"');
    expect(page.body).toContain('>Sign in</a>');
    const json = await browser.get('/counts', { accept: 'application/json' });
    expect(parse(json).tags).toEqual([{ tag: 'open', count: 1 }]);
    expect((await browser.get('/counts?format=csv')).body).toBe('tag,count,start\r\nopen,1,0\r\n');
    expect((await browser.get('/restricted')).status).toBe(302);
  });
});

function sessionOf(browser: Browser): string {
  return [...browser.cookies].find(([name]) => name.endsWith(signInCookie))?.[1] ?? '';
}
