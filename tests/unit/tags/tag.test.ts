import {
  assertTagAllowed,
  InvalidTagError,
  maxTagBytes,
  parseTag,
  TagNotAllowedError,
} from '../../../src/tags/tag';

describe('A tag', () => {
  it.each([
    'hello',
    'blog/2026/a page',
    '/a/path/',
    'café',
    '日本語',
    '🎉',
    '"quoted" and \'quoted\'',
    '<script>alert(1)</script>',
    '100%',
    'hello%20world',
    'counter',
    ' COUNTER',
    '...',
    './a',
    'a'.repeat(maxTagBytes),
    'é'.repeat(maxTagBytes / 2),
  ])('may be %j', (text) => {
    expect(parseTag(text)).toBe(text);
  });

  it.each([
    ['', 'The tag is empty.'],
    ['a'.repeat(maxTagBytes + 1), 'The tag is longer than 512 bytes of UTF-8.'],
    ['é'.repeat(maxTagBytes / 2) + 'a', 'The tag is longer than 512 bytes of UTF-8.'],
    ['a\u0000b', 'The tag contains a control character.'],
    ['a\nb', 'The tag contains a control character.'],
    ['a\u007f', 'The tag contains a control character.'],
    ['a\u0085', 'The tag contains a control character.'],
    ['\ud800', 'The tag is not well-formed Unicode.'],
    ['.', 'The tag consists of dots only.'],
    ['..', 'The tag consists of dots only.'],
    ['COUNTER', 'The tag COUNTER is reserved for the total.'],
  ])('may not be %j', (text, message) => {
    expect(() => parseTag(text)).toThrow(InvalidTagError);
    expect(() => parseTag(text)).toThrow(message);
  });
});

describe('The list of allowed prefixes', () => {
  it.each([
    ['it is empty', []],
    ['it has a star', ['*']],
    ['its first prefix matches', ['blog/', 'docs/']],
    ['its last prefix matches', ['docs/', 'blog/']],
    ['a prefix is the whole tag', ['blog/a']],
  ])('accepts a tag when %s', (_, prefixes) => {
    expect(() => {
      assertTagAllowed(parseTag('blog/a'), prefixes);
    }).not.toThrow();
  });

  it.each([[['docs/']], [['blog/a/']], [['Blog/']]])(
    'rejects a tag without a matching prefix: %j',
    (prefixes) => {
      expect(() => {
        assertTagAllowed(parseTag('blog/a'), prefixes);
      }).toThrow(TagNotAllowedError);
    },
  );
});
