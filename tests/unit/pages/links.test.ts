import { html } from '../../../src/pages/html';
import { badgeLink, countsLink, visitLink } from '../../../src/pages/links';

describe("A badge's address", () => {
  it.each([
    ['hello', 'hello'],
    ['/blog/a b/', '%2Fblog%2Fa%20b%2F'],
    ["it's (no) *![link]", 'it%27s%20%28no%29%20%2A%21%5Blink%5D'],
    ['"><script>', '%22%3E%3Cscript%3E'],
  ])('for %j has no character that ends a Markdown link or an HTML attribute', (tag, encoded) => {
    const link = badgeLink('https://page.example.com', tag);
    expect(link).toBe(`https://page.example.com/badge.svg?tag=${encoded}`);
    expect(new URL(link).searchParams.get('tag')).toBe(tag);
  });
});

describe("A tag's address", () => {
  it.each(['//example.com', '/', '../..', '\\\\example.com', 'a/b', 'a?b#c'])(
    'for %j stays on the same host and keeps the tag',
    (tag) => {
      for (const [link, route] of [
        [visitLink('', tag), '/tags/'],
        [countsLink('/Prod', tag), '/Prod/counts/'],
      ] as const) {
        const { host, pathname } = new URL(link, 'https://web.example.com');
        expect(host).toBe('web.example.com');
        expect(decodeURIComponent(pathname)).toBe(route + tag);
      }
    },
  );
});

describe('An array in an HTML template', () => {
  it('is joined, with each value escaped unless it is HTML', () => {
    expect(html`<p>${[html`<b>${'<'}</b>`, '&', 1]}</p>`.text).toBe('<p><b>&lt;</b>&amp;1</p>');
  });
});
