import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { endAll } from '../../support/cleanup';
import { startTestEngine } from '../../support/engine';
import { startFunction, type TestFunction } from '../../support/functions';
import { memberEvent } from '../../support/memberEvents';

const count = 250;
const ids = Array.from({ length: count }, (_, index) => `member-${index}`);

let users: TestFunction;

beforeAll(async () => {
  const engine = await startTestEngine();
  users = await startFunction('UsersFunction', engine);
  for (let start = 0; start < count; start += 25) {
    const requests = ids
      .slice(start, start + 25)
      .map((user_id) => ({ PutRequest: { Item: marshall({ user_id, name: `n${user_id}`, version: 1 }) } }));
    await engine.client.send(new BatchWriteItemCommand({ RequestItems: { UsersTable: requests } }));
  }
});

afterAll(endAll);

interface Page {
  users: { user_id: string }[];
  next?: string;
}

async function ask(query: Record<string, string>): Promise<{ status: number; page: Page; message?: string }> {
  const { statusCode, body } = await users.answer(memberEvent({ query }));
  const json = JSON.parse(body) as Page & { message?: string };
  return { status: statusCode, page: json, ...(json.message === undefined ? {} : { message: json.message }) };
}

/** All pages, one after the other. */
async function readAll(limit?: string): Promise<Page[]> {
  const pages: Page[] = [];
  let after: string | undefined;
  do {
    const { page } = await ask({ ...(limit ? { limit } : {}), ...(after === undefined ? {} : { after }) });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

const idsOf = (pages: Page[]) => pages.flatMap(({ users }) => users.map(({ user_id }) => user_id));

describe('The list of 250 members', () => {
  it.each([
    [undefined, 50],
    ['1', 1],
    ['7', 7],
    ['100', 100],
  ])('in pages of %s contains each member once', async (limit, size) => {
    const pages = await readAll(limit);
    expect(idsOf(pages).sort()).toEqual([...ids].sort());
    expect(pages[0]?.users).toHaveLength(size);
    expect(Math.max(...pages.map(({ users }) => users.length))).toBe(size);
  });

  it.each(['0', '101', '-1', '1.5', 'all', '', '1e1', '٣', '99999999999'])(
    'in pages of %j is refused',
    async (limit) => {
      expect(await ask({ limit })).toMatchObject({
        status: 400,
        message: '`limit` must be a whole number from 1 to 100.',
      });
    },
  );

  it('continues after a page token and refuses one that was tampered with', async () => {
    const { page } = await ask({ limit: '5' });
    const { next: token = '' } = page;
    expect((await ask({ after: token })).status).toBe(200);
    expect(token).toMatch(/^[\w-]+$/);
    const flipped = (at: number) =>
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const tampered = [
      ...Array.from(token, (_, at) => flipped(at)),
      ...['', 'x', token.slice(0, -1), `${token}A`, `${token}=`, `${token} `, token.toUpperCase()],
      ...[Buffer.from('member-7').toString('base64url'), '../etc/passwd', 'x'.repeat(10_000)],
      Buffer.from('{"user_id":{"S":"member-7"}}').toString('base64'),
    ];
    for (const after of tampered) {
      expect(await ask({ after })).toMatchObject({
        status: 400,
        message: '`after` is not a valid page token.',
      });
    }
  });
});
