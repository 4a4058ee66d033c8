import { cutPage, InvalidTagListError, parseLimit } from '../../../src/reports/tagList';

const tags = [
  { tag: '/b', count: 5 },
  { tag: '/a', count: 5 },
  { tag: '/blog/one', count: 9 },
  { tag: '/blog/two', count: 1, start: 40 },
  { tag: '/c', count: 0 },
];

function readAll(limit: number, prefix = ''): string[][] {
  const pages: string[][] = [];
  let after: string | undefined;
  do {
    const page = cutPage(tags, { prefix, limit, after });
    pages.push(page.tags.map(({ tag }) => tag));
    after = page.next;
  } while (after !== undefined);
  return pages;
}

it.each([
  [1, [['/blog/one'], ['/a'], ['/b'], ['/blog/two'], ['/c']]],
  [2, [['/blog/one', '/a'], ['/b', '/blog/two'], ['/c']]],
  [5, [['/blog/one', '/a', '/b', '/blog/two', '/c']]],
  [6, [['/blog/one', '/a', '/b', '/blog/two', '/c']]],
])('lists tags by count, then by name, in pages of %d, each tag once', (limit, pages) => {
  expect(readAll(limit)).toEqual(pages);
});

it('finds tags by their prefix, and totals them over all pages', () => {
  const page = cutPage(tags, { prefix: '/blog/', limit: 1, after: undefined });
  expect(page).toMatchObject({ tagsFound: 2, visitsFound: 10, tags: [{ tag: '/blog/one', count: 9 }] });
  expect(cutPage(tags, { prefix: '/none', limit: 1, after: undefined })).toEqual({
    tags: [],
    tagsFound: 0,
    visitsFound: 0,
    next: undefined,
  });
});

it('continues after a tag that has since been deleted', () => {
  const first = cutPage(tags, { prefix: '', limit: 2, after: undefined });
  const moved = tags.filter(({ tag }) => tag !== '/a');
  const second = cutPage(moved, { prefix: '', limit: 2, after: first.next });
  expect(second.tags.map(({ tag }) => tag)).toEqual(['/b', '/blog/two']);
});

it.each([
  'x',
  Buffer.from('[]').toString('base64url'),
  Buffer.from('["5","/a"]').toString('base64url'),
  Buffer.from('null').toString('base64url'),
  '%%%',
])('rejects the page token %p, which no page returned', (after) => {
  expect(() => cutPage(tags, { prefix: '', limit: 2, after })).toThrow(InvalidTagListError);
});

it('accepts a limit within its bounds, and defaults to the standard one', () => {
  const bounds = { standard: 50, max: 200 };
  expect([undefined, '', '1', '200'].map((text) => parseLimit(text, bounds))).toEqual([50, 50, 1, 200]);
  for (const text of ['0', '201', '-1', '1.5', 'many', '1e2'])
    expect(() => parseLimit(text, bounds)).toThrow(InvalidTagListError);
});
