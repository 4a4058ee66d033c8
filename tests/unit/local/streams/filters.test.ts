import fc from 'fast-check';
import { compileFilters, FilterPatternError } from '../../../../local/streams/filters';

const record = {
  eventName: 'MODIFY',
  size: 30,
  flag: true,
  nothing: null,
  empty: '',
  list: ['a', 'b'],
  rows: [
    { kind: 'x', size: 1 },
    { kind: 'y', size: 2 },
  ],
  dynamodb: {
    Keys: { ID: { S: 'Blog/one' } },
    NewImage: { ID: { S: 'Blog/one' }, Count: { N: '30' }, Gone: { NULL: true } },
  },
};

type Case = [rule: string, pattern: unknown, matches: boolean];

const leafCases: Case[] = [
  ['an equal string', { eventName: ['MODIFY'] }, true],
  ['a different string', { eventName: ['INSERT'] }, false],
  ['a string in a different case', { eventName: ['modify'] }, false],
  ['one of several values', { eventName: ['INSERT', 'MODIFY'] }, true],
  ['an equal number', { size: [30] }, true],
  ['a number against its text', { size: ['30'] }, false],
  ['a boolean', { flag: [true] }, true],
  ['the other boolean', { flag: [false] }, false],
  ['null', { nothing: [null] }, true],
  ['null against a missing field', { missing: [null] }, false],
  ['the empty string', { empty: [''] }, true],
  ['an element of a list', { list: ['b'] }, true],
  ['a value that is not in a list', { list: ['c'] }, false],
  ['a prefix', { dynamodb: { Keys: { ID: { S: [{ prefix: 'Blog/' }] } } } }, true],
  ['a prefix that occurs in the middle', { dynamodb: { Keys: { ID: { S: [{ prefix: 'og/' }] } } } }, false],
  ['a suffix', { eventName: [{ suffix: 'IFY' }] }, true],
  ['a suffix that occurs in the middle', { eventName: [{ suffix: 'DIF' }] }, false],
  ['a prefix of a number', { size: [{ prefix: '3' }] }, false],
  ['equals-ignore-case with a different case', { eventName: [{ 'equals-ignore-case': 'Modify' }] }, true],
  ['equals-ignore-case with different text', { eventName: [{ 'equals-ignore-case': 'Modif' }] }, false],
];

const negativeCases: Case[] = [
  ['anything-but with a different value', { eventName: [{ 'anything-but': 'INSERT' }] }, true],
  ['anything-but with the same value', { eventName: [{ 'anything-but': 'MODIFY' }] }, false],
  [
    'anything-but with a list that contains the value',
    { eventName: [{ 'anything-but': ['MODIFY', 'REMOVE'] }] },
    false,
  ],
  [
    'anything-but with a list that lacks the value',
    { eventName: [{ 'anything-but': ['INSERT', 'REMOVE'] }] },
    true,
  ],
  ['anything-but with the same number', { size: [{ 'anything-but': [30] }] }, false],
  ['anything-but with the number as text', { size: [{ 'anything-but': ['30'] }] }, true],
  ['anything-but on a missing field', { missing: [{ 'anything-but': ['x'] }] }, false],
  ['anything-but with a matching prefix', { eventName: [{ 'anything-but': { prefix: 'MOD' } }] }, false],
  ['anything-but with a different prefix', { eventName: [{ 'anything-but': { prefix: 'INS' } }] }, true],
  ['anything-but with a matching suffix', { eventName: [{ 'anything-but': { suffix: 'IFY' } }] }, false],
  ['anything-but with a different suffix', { eventName: [{ 'anything-but': { suffix: 'ERT' } }] }, true],
];

const numericCases: Case[] = [
  ['numeric = with the same number', { size: [{ numeric: ['=', 30] }] }, true],
  ['numeric = with a different number', { size: [{ numeric: ['=', 31] }] }, false],
  ['numeric > with a smaller number', { size: [{ numeric: ['>', 29] }] }, true],
  ['numeric > with the same number', { size: [{ numeric: ['>', 30] }] }, false],
  ['numeric >= with the same number', { size: [{ numeric: ['>=', 30] }] }, true],
  ['numeric >= with a larger number', { size: [{ numeric: ['>=', 31] }] }, false],
  ['numeric < with the same number', { size: [{ numeric: ['<', 30] }] }, false],
  ['numeric < with a larger number', { size: [{ numeric: ['<', 31] }] }, true],
  ['numeric <= with the same number', { size: [{ numeric: ['<=', 30] }] }, true],
  ['a numeric range that includes its end', { size: [{ numeric: ['>', 0, '<=', 30] }] }, true],
  ['a numeric range that excludes its end', { size: [{ numeric: ['>', 0, '<', 30] }] }, false],
  [
    'numeric on a DynamoDB number, which is text',
    { dynamodb: { NewImage: { Count: { N: [{ numeric: ['=', 30] }] } } } },
    false,
  ],
];

const existenceCases: Case[] = [
  ['exists: true on a leaf', { dynamodb: { NewImage: { Count: { N: [{ exists: true }] } } } }, true],
  ['exists: true on a missing leaf', { dynamodb: { NewImage: { Total: { N: [{ exists: true }] } } } }, false],
  ['exists: false on a leaf', { dynamodb: { NewImage: { Count: { N: [{ exists: false }] } } } }, false],
  [
    'exists: false on a missing leaf',
    { dynamodb: { NewImage: { Total: { N: [{ exists: false }] } } } },
    true,
  ],
  [
    'exists: false on a leaf of a missing image',
    { dynamodb: { OldImage: { Count: { N: [{ exists: false }] } } } },
    true,
  ],
  ['exists: true on a map, which is not a leaf', { dynamodb: { NewImage: [{ exists: true }] } }, false],
  ['exists: false on a map', { dynamodb: { NewImage: [{ exists: false }] } }, true],
  ['exists: true on a null leaf', { nothing: [{ exists: true }] }, true],
];

const combinedCases: Case[] = [
  ['two fields that match', { eventName: ['MODIFY'], size: [30] }, true],
  ['two fields, one of which does not match', { eventName: ['MODIFY'], size: [31] }, false],
  ['$or with one matching alternative', { $or: [{ eventName: ['INSERT'] }, { size: [30] }] }, true],
  ['$or without a matching alternative', { $or: [{ eventName: ['INSERT'] }, { size: [31] }] }, false],
  [
    '$or next to a field that does not match',
    { flag: [false], $or: [{ size: [30] }, { size: [31] }] },
    false,
  ],
  [
    '$or inside a field',
    { dynamodb: { Keys: { $or: [{ A: { S: ['a'] } }, { ID: { S: ['Blog/one'] } }] } } },
    true,
  ],
  ['one map in a list of maps', { rows: { kind: ['y'], size: [2] } }, true],
  ['conditions met by two different maps of a list', { rows: { kind: ['x'], size: [2] } }, false],
  ['a field below a scalar', { eventName: { S: ['MODIFY'] } }, false],
];

test.each([...leafCases, ...negativeCases, ...numericCases, ...existenceCases, ...combinedCases])(
  'a pattern handles %s',
  (_, pattern, matches) => {
    expect(compileFilters([pattern])(record)).toBe(matches);
  },
);

test('a record passes when any pattern matches, or when there are no patterns', () => {
  const [match, miss] = [{ size: [30] }, { size: [31] }];
  expect(compileFilters([miss, match])(record)).toBe(true);
  expect(compileFilters([miss, miss])(record)).toBe(false);
  expect(compileFilters([])(record)).toBe(true);
});

test.each<[defect: string, pattern: unknown, message: RegExp]>([
  ['is not an object', ['MODIFY'], /the pattern must be a JSON object/],
  ['is null', null, /the pattern must be a JSON object/],
  ['is empty', {}, /the pattern is an empty object/],
  ['has a bare value', { eventName: 'MODIFY' }, /"eventName" must be an array or an object/],
  ['has an empty list', { dynamodb: { Keys: [] } }, /"dynamodb\.Keys" is an empty array/],
  ['has an empty map', { dynamodb: {} }, /"dynamodb" is an empty object/],
  ['has an unknown operator', { a: [{ wildcard: '*' }] }, /"wildcard" in "a" is not an operator/],
  ['has two operators in one object', { a: [{ prefix: 'x', suffix: 'y' }] }, /one operator each/],
  ['has an object without an operator', { a: [{}] }, /one operator each/],
  ['nests a list in a list', { a: [['x']] }, /one operator each/],
  ['has a number as a prefix', { a: [{ prefix: 5 }] }, /"prefix" in "a" takes a string/],
  ['has text for exists', { a: [{ exists: 'yes' }] }, /"exists" in "a" takes true or false/],
  ['excludes nothing', { a: [{ 'anything-but': [] }] }, /strings only or numbers only/],
  ['excludes a mixture of types', { a: [{ 'anything-but': ['x', 1] }] }, /strings only or numbers only/],
  ['excludes a comparison', { a: [{ 'anything-but': { numeric: ['=', 1] } }] }, /a prefix or a suffix/],
  ['compares with text', { a: [{ numeric: ['=', '5'] }] }, /"numeric" in "a" takes/],
  ['compares without a bound', { a: [{ numeric: ['>'] }] }, /"numeric" in "a" takes/],
  ['compares with an unknown sign', { a: [{ numeric: ['!', 5] }] }, /"numeric" in "a" takes/],
  ['has a reversed range', { a: [{ numeric: ['<', 5, '>', 0] }] }, /"numeric" in "a" takes/],
  ['has $or with one alternative', { $or: [{ a: ['x'] }] }, /"\$or" in the pattern must be an array of two/],
])('a pattern that %s is rejected with the reason', (_, pattern, message) => {
  const compile = () => compileFilters([pattern]);
  expect(compile).toThrow(FilterPatternError);
  expect(compile).toThrow(message);
});

test('anything-but is the opposite of the same list of values, for any text', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (text, values) => {
      const matches = (rule: unknown) => compileFilters([{ field: rule }])({ field: text });
      expect(matches([{ 'anything-but': values }])).toBe(!matches(values));
    }),
  );
});
