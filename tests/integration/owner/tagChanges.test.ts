import { endAll } from '../../support/cleanup';
import { readCounts, readItems, type Items } from '../../support/engine';
import { ownerEmail, startOwnerWorld, type OwnerWorld } from '../../support/owner';
import { waitFor } from '../../support/runner';

let world: OwnerWorld;
let csrf: string;

beforeAll(async () => {
  world = await startOwnerWorld();
  csrf = await world.admin.csrfToken();
});
afterAll(endAll);

const page = '/restricted/tags';
const post = (fields: Record<string, string>, headers: Record<string, string> = {}) =>
  world.admin.post(page, { csrf, ...fields }, headers);
const confirm = (fields: Record<string, string>) => post({ ...fields, confirmed: 'yes' });
const setStart = (tag: string, visits: string, origin = 'the old site') => ({
  action: 'setStart',
  tag,
  visits,
  origin,
});
const visit = (tag: string) => world.stranger().get(`/tags/${tag}`);
const read = async (tag: string) => (await readCounts(world.table))[tag];
const readChanges = async (): Promise<Items> => readItems(world.table, 'ChangesTable', 'At');
const changesOf = async (tag: string) =>
  Object.values(await readChanges()).filter((change) => change.Tag === tag);
async function readTotal(): Promise<number> {
  const { body } = await world.admin.get('/restricted', { accept: 'application/json' });
  return (JSON.parse(body) as { total: number }).total;
}

/** All counts except the total, which the stream updates some time after a visit. */
async function readTags(): Promise<Items> {
  const items = await readCounts(world.table);
  delete items.COUNTER;
  return items;
}

/** Compares the stored tags and changes before and after `act`. */
async function expectNothingChanged(act: () => Promise<void>): Promise<void> {
  const before = [await readTags(), await readChanges()];
  await act();
  expect([await readTags(), await readChanges()]).toEqual(before);
}

describe('Deleting a tag', () => {
  it('asks for confirmation, removes and records the tag, and lowers the total', async () => {
    for (const tag of ['keep', 'gone', 'gone']) await visit(tag);
    await waitFor(async () => (await readTotal()) === 3);
    await expectNothingChanged(async () => {
      const { status, body } = await post({ action: 'delete', tag: 'gone' });
      expect(status).toBe(200);
      expect(body).toContain('Delete the tag "gone" with its 2 visits?');
      expect(body).toContain('<input type="hidden" name="confirmed" value="yes">');
    });

    const done = await confirm({ action: 'delete', tag: 'gone' });
    expect([done.status, done.headers.location]).toEqual([303, '/restricted/tags?tag=gone&done']);
    expect((await world.admin.get('/restricted/tags?tag=gone&done')).body).toContain('Done.');
    expect(await read('gone')).toBeUndefined();
    await waitFor(async () => (await readTotal()) === 1);
    const [change] = await changesOf('gone');
    expect(change).toMatchObject({ Action: 'delete', By: ownerEmail, Count: 2 });
    const { body } = await world.admin.get('/restricted');
    expect(body).toContain('deleted with 2 visits');
    expect(body).toContain(ownerEmail);
    expect((await world.member.get('/restricted')).body).not.toMatch(/deleted with|\/restricted\/tags/);
  });

  it('records the starting count that it removes', async () => {
    await confirm(setStart('started', '70'));
    await confirm({ action: 'delete', tag: 'started' });
    expect(await changesOf('started')).toContainEqual(
      expect.objectContaining({ Action: 'delete', Count: 0, Start: 70, Origin: 'the old site' }),
    );
  });

  it('is refused with 409 when the tag no longer exists', async () => {
    await expectNothingChanged(async () => {
      const { status, body } = await confirm({ action: 'delete', tag: 'gone' });
      expect(status).toBe(409);
      expect(body).toContain('This tag or its starting count no longer exists.');
    });
  });
});

describe('A starting count', () => {
  it('is set after a confirmation, recorded, and can be removed again', async () => {
    await visit('moved');
    await expectNothingChanged(async () => {
      const { body } = await post(setStart('moved', '12345'));
      expect(body).toContain('Show 12,345 visits before Footfall (the old site) next to the count of');
      expect(body).toContain('<input type="hidden" name="visits" value="12345">');
    });
    expect((await confirm(setStart('moved', '12345'))).status).toBe(303);
    expect(await read('moved')).toEqual({ Count: 1, Start: 12345, StartOrigin: 'the old site' });

    await expectNothingChanged(async () => {
      expect((await post({ action: 'undoStart', tag: 'moved' })).body).toContain('Remove the starting count');
    });
    expect((await confirm({ action: 'undoStart', tag: 'moved' })).status).toBe(303);
    expect(await read('moved')).toEqual({ Count: 1 });
    const start = { By: ownerEmail, Start: 12345, Origin: 'the old site' };
    expect(await changesOf('moved')).toEqual([
      expect.objectContaining({ Action: 'setStart', ...start }),
      expect.objectContaining({ Action: 'undoStart', ...start }),
    ]);
    await expectNothingChanged(async () => {
      expect((await confirm({ action: 'undoStart', tag: 'moved' })).status).toBe(409);
    });
  });

  it('shows a script in its tag or origin as text on every page', async () => {
    const script = '<script>alert("x")</script>';
    const order = setStart(script, '5', script);
    const asked = await post(order);
    await confirm(order);
    const pages = [asked.body, (await world.admin.get(`${page}?tag=${encodeURIComponent(script)}`)).body];
    pages.push((await world.admin.get('/restricted')).body);
    pages.push((await world.stranger().get(`/counts/${encodeURIComponent(script)}`)).body);
    for (const body of pages) {
      expect(body).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
      expect(body).not.toContain('<script>alert');
    }
  });

  it('can belong to a tag with quotes, URL delimiters and non-Latin characters', async () => {
    const tag = "/it's/ü?x=1&y#z/漢";
    expect((await confirm(setStart(tag, '9'))).headers.location).toBe(
      `/restricted/tags?tag=${encodeURIComponent(tag)}&done`,
    );
    expect(await read(tag)).toMatchObject({ Start: 9 });
  });
});

describe('The tag form refuses the following and changes nothing:', () => {
  const order = { action: 'delete', tag: 'keep', confirmed: 'yes' };

  it.each([
    ['a number of 0', setStart('keep', '0')],
    ['a negative number', setStart('keep', '-5')],
    ['a fraction', setStart('keep', '1.5')],
    ['a grouped number', setStart('keep', '1,000')],
    ['a number above the maximum', setStart('keep', '1000000000001')],
    ['no number', setStart('keep', '')],
    ['a number of 10,000 digits', setStart('keep', '9'.repeat(10_000))],
    ['no origin', setStart('keep', '5', ' ')],
    ['an origin of 10,000 characters', setStart('keep', '5', 'x'.repeat(10_000))],
    ['an origin of two lines', setStart('keep', '5', 'a\nb')],
    ['a tag of 10,000 characters', { action: 'delete', tag: 'x'.repeat(10_000) }],
    ['no tag', { action: 'delete' }],
    ['the reserved tag COUNTER', { action: 'delete', tag: 'COUNTER' }],
    ['an unknown action', { action: 'drop', tag: 'keep' }],
    ['no action', { tag: 'keep' }],
  ] as [string, Record<string, string>][])('%s', async (_, fields) => {
    await expectNothingChanged(async () => {
      const { status, body } = await post({ ...fields, confirmed: 'yes' }, { accept: 'application/json' });
      expect(status).toBe(400);
      expect((JSON.parse(body) as { message: string }).message).toMatch(/^\S.{10,100}\.$/);
    });
  });

  it.each([
    ['without a token', { csrf: '' }, {}],
    ["with a stranger's token", { csrf: 'x'.repeat(43) }, {}],
    ['from another site', {}, { 'sec-fetch-site': 'cross-site' }],
    ['from a sibling subdomain', {}, { 'sec-fetch-site': 'same-site' }],
    ['from another origin', {}, { origin: 'https://evil.example' }],
    ['from an opaque origin', {}, { origin: 'null' }],
  ] as [string, Record<string, string>, Record<string, string>][])(
    'a post %s',
    async (_, fields, headers) => {
      await expectNothingChanged(async () => {
        const { status, body } = await post({ ...order, ...fields }, headers);
        expect(status).toBe(403);
        expect(body).toContain('This form has expired.');
      });
    },
  );

  it("a post with another member's token", async () => {
    const foreign = await world.member.csrfToken();
    expect(foreign).toMatch(/^[\w-]{20,}$/);
    await expectNothingChanged(async () => {
      expect((await post({ ...order, csrf: foreign })).status).toBe(403);
    });
  });

  it('a post that is larger than the limit for forms', async () => {
    await expectNothingChanged(async () => {
      expect((await confirm({ ...order, origin: 'x'.repeat(70_000) })).status).toBe(413);
    });
  });

  it('a GET with the fields of a confirmed change', async () => {
    await expectNothingChanged(async () => {
      const query = new URLSearchParams({ ...order, csrf });
      expect((await world.admin.get(`${page}?${query.toString()}`)).status).toBe(200);
    });
  });
});

describe('A person who is not an administrator', () => {
  it('gets a 403 as a member, for reading and for changing', async () => {
    const token = await world.member.csrfToken();
    await expectNothingChanged(async () => {
      const looked = await world.member.get(`${page}?tag=keep`);
      const fields = { csrf: token, action: 'delete', tag: 'keep', confirmed: 'yes' };
      const posted = await world.member.post(page, fields);
      for (const { status, body } of [looked, posted]) {
        expect(status).toBe(403);
        expect(body).toContain('Only administrators may do this.');
      }
    });
  });

  it('is sent to the sign-in, which returns to the tag after a GET and to the dashboard after a POST', async () => {
    const looked = await world.stranger().get(`${page}?tag=keep`);
    expect(looked.headers.location).toBe('/login?return=%2Frestricted%2Ftags%3Ftag%3Dkeep');
    await expectNothingChanged(async () => {
      const fields = { csrf, action: 'delete', tag: 'keep', confirmed: 'yes' };
      const posted = await world.stranger().post(page, fields);
      expect([posted.status, posted.headers.location]).toEqual([302, '/login?return=%2Frestricted']);
      const program = await world.stranger().post(page, fields, { accept: 'application/json' });
      expect([program.status, JSON.parse(program.body)]).toEqual([401, { message: 'Sign in first.' }]);
    });
  });
});
