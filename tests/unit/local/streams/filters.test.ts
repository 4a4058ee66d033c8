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
  ['another string', { eventName: ['INSERT'] }, false],
  ['a string in another case', { eventName: ['modify'] }, false],
  ['one of several values', { eventName: ['INSERT', 'MODIFY'] }, true],
  ['an equal number', { size: [30] }, true],
  ['a number against its text', { size: ['30'] }, false],
  ['a boolean', { flag: [true] }, true],
  ['the other boolean', { flag: [false] }, false],
  ['null', { nothing: [null] }, true],
  ['null against a missing field', { missing: [null] }, false],
  ['the empty string', { empty: [''] }, true],
  ['an element of a list', { list: ['b'] }, true],
  ['no element of a list', { list: ['c'] }, false],
  ['a prefix', { dynamodb: { Keys: { ID: { S: [{ prefix: 'Blog/' }] } } } }, true],
  ['a prefix that stands in the middle', { dynamodb: { Keys: { ID: { S: [{ prefix: 'og/' }] } } } }, false],
  ['a suffix', { eventName: [{ suffix: 'IFY' }] }, true],
  ['a suffix that stands in the middle', { eventName: [{ suffix: 'DIF' }] }, false],
  ['a prefix of a number', { size: [{ prefix: '3' }] }, false],
  ['text in another case', { eventName: [{ 'equals-ignore-case': 'Modify' }] }, true],
  ['other text without case', { eventName: [{ 'equals-ignore-case': 'Modif' }] }, false],
];

const negativeCases: Case[] = [
  ['anything but another value', { eventName: [{ 'anything-but': 'INSERT' }] }, true],
  ['anything but this value', { eventName: [{ 'anything-but': 'MODIFY' }] }, false],
  ['anything but a list with it', { eventName: [{ 'anything-but': ['MODIFY', 'REMOVE'] }] }, false],
  ['anything but a list without it', { eventName: [{ 'anything-but': ['INSERT', 'REMOVE'] }] }, true],
  ['anything but this number', { size: [{ 'anything-but': [30] }] }, false],
  ['anything but its text', { size: [{ 'anything-but': ['30'] }] }, true],
  ['anything but where nothing is', { missing: [{ 'anything-but': ['x'] }] }, false],
  ['anything but a prefix it has', { eventName: [{ 'anything-but': { prefix: 'MOD' } }] }, false],
  ['anything but a prefix it lacks', { eventName: [{ 'anything-but': { prefix: 'INS' } }] }, true],
  ['anything but a suffix it has', { eventName: [{ 'anything-but': { suffix: 'IFY' } }] }, false],
  ['anything but a suffix it lacks', { eventName: [{ 'anything-but': { suffix: 'ERT' } }] }, true],
];

const numericCases: Case[] = [
  ['equal to the number', { size: [{ numeric: ['=', 30] }] }, true],
  ['equal to another', { size: [{ numeric: ['=', 31] }] }, false],
  ['above the number below it', { size: [{ numeric: ['>', 29] }] }, true],
  ['above itself', { size: [{ numeric: ['>', 30] }] }, false],
  ['at least itself', { size: [{ numeric: ['>=', 30] }] }, true],
  ['at least the next', { size: [{ numeric: ['>=', 31] }] }, false],
  ['below itself', { size: [{ numeric: ['<', 30] }] }, false],
  ['below the next', { size: [{ numeric: ['<', 31] }] }, true],
  ['at most itself', { size: [{ numeric: ['<=', 30] }] }, true],
  ['in a range that ends with it', { size: [{ numeric: ['>', 0, '<=', 30] }] }, true],
  ['in a range that ends before it', { size: [{ numeric: ['>', 0, '<', 30] }] }, false],
  [
    'of a DynamoDB number, which is text',
    { dynamodb: { NewImage: { Count: { N: [{ numeric: ['=', 30] }] } } } },
    false,
  ],
];

const existenceCases: Case[] = [
  ['a leaf that is there', { dynamodb: { NewImage: { Count: { N: [{ exists: true }] } } } }, true],
  ['a leaf that is missing', { dynamodb: { NewImage: { Total: { N: [{ exists: true }] } } } }, false],
  ['no leaf where one is', { dynamodb: { NewImage: { Count: { N: [{ exists: false }] } } } }, false],
  ['no leaf where none is', { dynamodb: { NewImage: { Total: { N: [{ exists: false }] } } } }, true],
  [
    'no leaf in an image that is missing',
    { dynamodb: { OldImage: { Count: { N: [{ exists: false }] } } } },
    true,
  ],
  ['a map, which is no leaf', { dynamodb: { NewImage: [{ exists: true }] } }, false],
  ['no leaf where a map is', { dynamodb: { NewImage: [{ exists: false }] } }, true],
  ['a leaf that is null', { nothing: [{ exists: true }] }, true],
];

const combinedCases: Case[] = [
  ['two fields that match', { eventName: ['MODIFY'], size: [30] }, true],
  ['two fields of which one does not', { eventName: ['MODIFY'], size: [31] }, false],
  ['$or with one that matches', { $or: [{ eventName: ['INSERT'] }, { size: [30] }] }, true],
  ['$or with none that matches', { $or: [{ eventName: ['INSERT'] }, { size: [31] }] }, false],
  ['$or beside a field that does not match', { flag: [false], $or: [{ size: [30] }, { size: [31] }] }, false],
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
  'a pattern tests %s',
  (_, pattern, matches) => {
    expect(compileFilters([pattern])(record)).toBe(matches);
  },
);

test('a record passes when any of the patterns matches, or when there is none', () => {
  const [match, miss] = [{ size: [30] }, { size: [31] }];
  expect(compileFilters([miss, match])(record)).toBe(true);
  expect(compileFilters([miss, miss])(record)).toBe(false);
  expect(compileFilters([])(record)).toBe(true);
});

test.each<[what: string, pattern: unknown, message: RegExp]>([
  ['is not an object', ['MODIFY'], /the pattern must be a JSON object/],
  ['is null', null, /the pattern must be a JSON object/],
  ['is empty', {}, /the pattern is an empty object/],
  ['has a bare value', { eventName: 'MODIFY' }, /"eventName" must be an array or an object/],
  ['has an empty list', { dynamodb: { Keys: [] } }, /"dynamodb\.Keys" is an empty array/],
  ['has an empty map', { dynamodb: {} }, /"dynamodb" is an empty object/],
  ['has an unknown operator', { a: [{ wildcard: '*' }] }, /"wildcard" in "a" is not an operator/],
  ['has two operators in one object', { a: [{ prefix: 'x', suffix: 'y' }] }, /one operator each/],
  ['has an operator of nothing', { a: [{}] }, /one operator each/],
  ['has a list in a list', { a: [['x']] }, /one operator each/],
  ['takes a number as prefix', { a: [{ prefix: 5 }] }, /"prefix" in "a" takes a string/],
  ['takes text for exists', { a: [{ exists: 'yes' }] }, /"exists" in "a" takes true or false/],
  ['excludes nothing', { a: [{ 'anything-but': [] }] }, /strings only or numbers only/],
  ['excludes a mixture', { a: [{ 'anything-but': ['x', 1] }] }, /strings only or numbers only/],
  ['excludes a comparison', { a: [{ 'anything-but': { numeric: ['=', 1] } }] }, /a prefix or a suffix/],
  ['compares with text', { a: [{ numeric: ['=', '5'] }] }, /"numeric" in "a" takes/],
  ['compares without a bound', { a: [{ numeric: ['>'] }] }, /"numeric" in "a" takes/],
  ['compares by a sign nobody knows', { a: [{ numeric: ['!', 5] }] }, /"numeric" in "a" takes/],
  ['has a range the wrong way round', { a: [{ numeric: ['<', 5, '>', 0] }] }, /"numeric" in "a" takes/],
  ['has $or with one alternative', { $or: [{ a: ['x'] }] }, /"\$or" in the pattern must be an array of two/],
])('a pattern that %s is refused by name', (_, pattern, message) => {
  const compile = () => compileFilters([pattern]);
  expect(compile).toThrow(FilterPatternError);
  expect(compile).toThrow(message);
});

test('anything-but is the opposite of the same values for every text that is there', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (text, values) => {
      const matches = (rule: unknown) => compileFilters([{ field: rule }])({ field: text });
      expect(matches([{ 'anything-but': values }])).toBe(!matches(values));
    }),
  );
});
