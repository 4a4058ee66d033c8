import { parseReturnPath } from '../../../src/web/returnPath';

describe('A return path', () => {
  it.each([
    '/',
    '/restricted',
    '/counts/a%20b',
    '/counts/a%2Fb',
    '/counts/caf%C3%A9?from=2026-01-01&to=2026-01-31',
    '/counts/a?q=%2F%2Fevil%23',
    '/counts/https://example.com',
  ])('within this site is returned unchanged: %s', (path) => {
    expect(parseReturnPath(path)).toBe(path);
  });

  it.each([
    undefined,
    '',
    'restricted',
    'https://evil.example',
    'https:evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\/evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '\t//evil.example',
    ' //evil.example',
    '/%2Fevil.example',
    '/%2fevil.example',
    '/%5Cevil.example',
    '/..//evil.example',
    '/./evil',
    '/%2e%2e/evil',
    '/.%2e/evil',
    '/%09/evil.example',
    '/%0d%0aset-cookie:a=b',
    '/a\u0000b',
    '/a b',
    '/café',
    '/a#b',
    '/%',
    '/%zz',
    '/%ff',
  ])('is rejected in any other form: %j', (path) => {
    expect(parseReturnPath(path)).toBeUndefined();
  });

  it('has at most 1,000 characters', () => {
    const [longest, tooLong] = [999, 1_000].map((count) => `/${'a'.repeat(count)}`);
    expect(parseReturnPath(longest)).toBe(longest);
    expect(parseReturnPath(tooLong)).toBeUndefined();
  });

  it.each(['', '/Prod', '/site'])('stays on this site after the base %j', (base) => {
    for (const path of ['/', '/a', '/a//b', '/@evil.example', '/:80', '/.evil']) {
      const passed = parseReturnPath(path);
      expect(new URL(base + (passed ?? ''), 'https://count.example.com').host).toBe('count.example.com');
    }
  });
});
