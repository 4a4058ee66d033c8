import { endAll } from '../../support/cleanup';
import { dayBefore, ownerEmail, putItems, startOwnerWorld, type OwnerWorld } from '../../support/owner';
import { waitFor } from '../../support/runner';

interface Figures {
  total: number;
  today: number;
  yesterday: number;
  weekAgo: number;
  days: { day: string; visits: number }[];
  top: { tag: string; visits: number; days: { day: string; visits: number }[] }[];
}

const nowMs = Date.now();
const day = (before: number) => dayBefore(nowMs, before);

let world: OwnerWorld;

beforeAll(async () => {
  world = await startOwnerWorld();
  // Counts of several weeks. The rows are written first, so that the stream finds the counts already applied.
  const row = { Stream: '', Sequence: '1', Turns: 1 };
  await putItems(world.table, 'TotalsTable', [
    { ID: '/old', Reading: 500, Opening: 500, Day: day(1), ...row },
    { ID: '/<b>', Reading: 60, Opening: 60, Day: day(1), ...row },
  ]);
  await putItems(world.table, 'DaysTable', [
    { ID: '/old', Day: day(40), Visits: 480 },
    { ID: '/old', Day: day(7), Visits: 20 },
    { ID: '/<b>', Day: day(1), Visits: 60 },
    { ID: 'COUNTER', Day: day(40), Visits: 480 },
    { ID: 'COUNTER', Day: day(7), Visits: 20 },
    { ID: 'COUNTER', Day: day(1), Visits: 60 },
  ]);
  await putItems(world.table, 'DynamoDBTable', [
    { ID: 'COUNTER', TotalViews: 560, Exact: true },
    { ID: '/old', Count: 500 },
    { ID: '/<b>', Count: 60 },
  ]);
  for (let visits = 0; visits < 3; visits += 1) await world.stranger().get('/tags/today');
  await waitFor(async () => (await read()).total === 563);
});
afterAll(endAll);

async function read(query = ''): Promise<Figures> {
  const { body } = await world.member.get(`/restricted${query}`, { accept: 'application/json' });
  return JSON.parse(body) as Figures;
}

const figure = (body: string, name: string) =>
  new RegExp(`<dd data-live="${name}">([^<]*)</dd>`).exec(body)?.[1];

describe('The dashboard', () => {
  it('shows the total, today, yesterday and the same day a week ago', async () => {
    expect(await read()).toMatchObject({ total: 563, today: 3, yesterday: 60, weekAgo: 20 });
    const { body } = await world.member.get('/restricted');
    const names = ['total', 'today', 'yesterday', 'weekAgo'];
    expect(names.map((name) => figure(body, name))).toEqual(['563', '3', '60', '20']);
  });

  it('shows each day of the requested range, including days without visits', async () => {
    const { days } = await read('?days=41');
    expect(days).toHaveLength(41);
    expect(days.at(0)).toEqual({ day: day(40), visits: 480 });
    expect(days.filter(({ visits }) => visits > 0).map(({ visits }) => visits)).toEqual([480, 20, 60, 3]);
    expect((await read()).days).toHaveLength(30);
  });

  it.each([
    [1, [['today', 3]]],
    [
      7,
      [
        ['/<b>', 60],
        ['today', 3],
      ],
    ],
    [
      30,
      [
        ['/<b>', 60],
        ['/old', 20],
        ['today', 3],
      ],
    ],
  ])('lists the most visited tags of the last %d days with the visits of each day', async (top, expected) => {
    const found = (await read(`?top=${top}`)).top;
    expect(found.map(({ tag, visits }) => [tag, visits])).toEqual(expected);
    for (const { days, visits } of found) {
      expect(days).toHaveLength(top);
      expect(days.reduce((sum, one) => sum + one.visits, 0)).toBe(visits);
    }
  });

  it('shows markup in a tag as text and hides sparklines from screen readers', async () => {
    const { body } = await world.member.get('/restricted');
    expect(body).toContain('>/&lt;b&gt;</a>');
    expect(body).not.toContain('/<b>');
    expect(body.match(/<svg class="sparkline"[^>]*aria-hidden="true"/g)).toHaveLength(2);
  });

  it.each([
    ...['days=0', 'days=367', 'days=-1', 'days=1.5', 'days=x', 'days='],
    ...['top=0', 'top=2', 'top=31', 'top=x', 'top=', 'top=7.0', 'top=0x7', 'top=%207'],
  ])('refuses %s with 400 and a sentence', async (query) => {
    const { status, body } = await world.member.get(`/restricted?${query}`, { accept: 'application/json' });
    expect(status).toBe(400);
    expect((JSON.parse(body) as { message: string }).message).toMatch(/^`(days|top)` must be .+\.$/);
  });

  it('offers changes to administrators only', async () => {
    const [member, admin] = [await world.member.get('/restricted'), await world.admin.get('/restricted')];
    expect(member.body).not.toContain('/restricted/tags');
    expect(admin.body).toContain('<a href="/restricted/tags?tag=today">Change');
    expect(admin.body).toContain('<form action="/restricted/tags" method="get">');
    expect(admin.body).toContain(ownerEmail);
  });

  it('links within the stage when it is opened under the stage', async () => {
    const { body } = await world.admin.get('/Prod/restricted');
    expect(body).toContain('href="/Prod/restricted/tags?tag=');
    expect(body).toContain('href="/Prod/counts/today"');
  });
});

describe('The live numbers', () => {
  it('are the four figures of the page in the format of the reader’s language', async () => {
    const { status, headers, body } = await world.member.get('/restricted?live', {
      'accept-language': 'de',
      accept: 'application/json',
    });
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    const figures = { total: '563', today: '3', yesterday: '60', weekAgo: '20' };
    expect(JSON.parse(body)).toEqual({ figures });
  });

  it('are refused to strangers with a 401', async () => {
    const { status, body } = await world.stranger().get('/restricted?live', { accept: 'application/json' });
    expect([status, JSON.parse(body)]).toEqual([401, { message: 'Sign in first.' }]);
  });

  it('are fetched by the only script that the page allows, and only from this site', async () => {
    const { headers } = await world.member.get('/restricted');
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/script-src 'sha256-[\w+/]{43}='; connect-src 'self';/);
    expect(policy).not.toContain('unsafe');
    const { headers: others } = await world.member.get('/restricted/members');
    expect(others['content-security-policy']).not.toContain('script-src');
  });
});
