import { BrokenItemError, readCount, readInteger, readText } from '../../../src/tables/attributes';

describe('A number attribute', () => {
  it('is read exactly, up to the largest safe integer', () => {
    expect(readInteger({ Count: { N: '9007199254740991' } }, 'Count')).toBe(9_007_199_254_740_991);
    expect(readInteger({ Count: { N: '-3' } }, 'Count')).toBe(-3);
  });

  it.each([
    ['is missing', {}],
    ['is text', { Count: { S: '5' } }],
    ['has a fraction', { Count: { N: '1.5' } }],
    ['exceeds the largest safe integer', { Count: { N: '9007199254740993' } }],
    ['is not a number', { Count: { N: 'NaN' } }],
    ['has no value', { Count: {} }],
  ])('that %s throws an error instead of becoming NaN', (_name, item) => {
    expect(() => readInteger(item, 'Count')).toThrow(BrokenItemError);
  });

  it('takes the default only when it is missing', () => {
    expect(readInteger({}, 'Count', 0)).toBe(0);
    expect(() => readInteger({ Count: { S: '5' } }, 'Count', 0)).toThrow(
      'The attribute Count must be a whole number; it has the type S.',
    );
  });
});

it('reads the count of an unvisited tag as 0', () => {
  expect(readCount({})).toBe(0);
});

it('rejects an attribute of another type when it reads text', () => {
  expect(readText({ Tag: { S: '' } }, 'Tag')).toBe('');
  expect(() => readText({ Tag: { N: '1' } }, 'Tag')).toThrow(BrokenItemError);
});
