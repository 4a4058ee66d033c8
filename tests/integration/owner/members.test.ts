import { endAll } from '../../support/cleanup';
import { readItems } from '../../support/engine';
import { memberEmail, ownerEmail, putItems, startOwnerWorld, type OwnerWorld } from '../../support/owner';

let world: OwnerWorld;

beforeAll(async () => {
  world = await startOwnerWorld();
  const others = Array.from({ length: 60 }, (_, index) => ({
    user_id: `member-${index}`,
    name: index === 0 ? '<script>alert(1)</script>' : `Name ${index}`,
    email: `"><img src=x>${index}@example.com`,
    version: 1,
  }));
  await putItems(world.table, 'UsersTable', others);
});
afterAll(endAll);

describe("The members' page", () => {
  it('shows an administrator every member once, page by page', async () => {
    const ids: string[] = [];
    let path: string | undefined = '/restricted/members';
    let bodies = '';
    while (path !== undefined) {
      const { status, body } = await world.admin.get(path);
      expect(status).toBe(200);
      bodies += body;
      ids.push(...[...body.matchAll(/<code>([^<]+)<\/code>/g)].map(([, id = '']) => id));
      path = /<a rel="next" href="([^"]+)"/.exec(body)?.[1];
    }
    const users = Object.keys(await readItems(world.table, 'UsersTable', 'user_id'));
    expect(users.length).toBe(62);
    expect(ids.sort()).toEqual(users.sort());
    expect(bodies).toContain(memberEmail);
    expect(bodies).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(bodies).not.toMatch(/<script|<img/);
  });

  it.each(['', '?after=x', '?user_id=member-1'])(
    'with the query %j shows a member only their own record',
    async (query) => {
      const { status, body } = await world.member.get(`/restricted/members${query}`);
      expect(status).toBe(200);
      expect(body).toContain(memberEmail);
      expect(body).not.toContain(ownerEmail);
      expect(body).not.toContain('member-1');
      expect(body.match(/<code>/g)).toHaveLength(1);
    },
  );

  it('answers in JSON on request', async () => {
    const { body } = await world.member.get('/restricted/members', { accept: 'application/json' });
    expect(JSON.parse(body)).toMatchObject({ users: [{ email: memberEmail }] });
  });

  it('asks strangers to sign in', async () => {
    const { status, headers } = await world.stranger().get('/Prod/restricted/members');
    expect([status, headers.location]).toEqual([302, '/Prod/login?return=%2Frestricted%2Fmembers']);
    const json = await world.stranger().get('/restricted/members', { accept: 'application/json' });
    expect(json.status).toBe(401);
  });

  it('refuses a made-up page token', async () => {
    expect((await world.admin.get('/restricted/members?after=x')).status).toBe(400);
  });
});
