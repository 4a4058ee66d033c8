import { siteOf } from '../../../src/tags/site';
import { parseTag } from '../../../src/tags/tag';

describe('The site', () => {
  it.each([
    ['example.com/blog/', 'example.com'],
    ['example.com/', 'example.com'],
    ['www.example.co.uk/a/b', 'www.example.co.uk'],
    ['localhost/a', 'localhost'],
    ['bücher.example/a', 'bücher.example'],
    ['xn--bcher-kva.xn--p1ai/a', 'xn--bcher-kva.xn--p1ai'],
    ['EXAMPLE.com/a', 'EXAMPLE.com'],
  ])('of the tag %s is %s', (tag, site) => {
    expect(siteOf(parseTag(tag))).toBe(site);
  });

  it.each([
    'readme.md',
    'v1.2/notes',
    '/blog/',
    'hello',
    'a/b.com/c',
    '.com/a',
    'example./a',
    'a b.com/c',
    '/',
  ])('does not exist for the tag %s', (tag) => {
    expect(siteOf(parseTag(tag))).toBeUndefined();
  });

  it('of an event’s tag ends in !, so that page views and events are summed separately', () => {
    expect(siteOf(parseTag('example.com/pricing!signup'))).toBe('example.com!');
    expect(siteOf(parseTag('readme.md!x'))).toBeUndefined();
  });
});
