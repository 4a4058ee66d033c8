import {
  InvalidMemberError,
  maxAge,
  maxEmailCharacters,
  maxNameCharacters,
  parseMemberChanges,
  readAttributes,
} from '../../../src/members/memberChanges';

const address = (characters: number) => `${'a'.repeat(characters - '@b.de'.length)}@b.de`;

describe('A change to a member', () => {
  it.each<[string, Record<string, unknown>]>([
    ['a name of one character', { name: 'A' }],
    ['the longest name', { name: 'n'.repeat(maxNameCharacters) }],
    ['a name that looks like markup', { name: '<script>alert(1)</script>' }],
    ['a name in any script', { name: 'José 日本 👩‍👩‍👧' }],
    ['the longest address', { email: address(maxEmailCharacters) }],
    ['the lowest age', { age: 0 }],
    ['the highest age', { age: maxAge }],
    ['null for every field', { name: null, email: null, age: null }],
  ])('may set %s', (_, details) => {
    expect(parseMemberChanges(details)).toEqual({ details });
  });

  it('may be for one version of the record', () => {
    expect(parseMemberChanges({ age: 37, version: 3 })).toEqual({ details: { age: 37 }, version: 3 });
    expect(parseMemberChanges({ age: 37, version: 0 })).toEqual({ details: { age: 37 }, version: 0 });
  });

  it.each<[string, Record<string, unknown>]>([
    ['no fields', {}],
    ['only a version', { version: 1 }],
    ['an empty name', { name: '' }],
    ['a blank name', { name: '   ' }],
    ['a name that is too long', { name: 'n'.repeat(maxNameCharacters + 1) }],
    ['a name of 10,000 characters', { name: 'n'.repeat(10_000) }],
    ['a name with a line break', { name: 'Ann\nBob' }],
    ['a name with a null character', { name: 'Ann\0' }],
    ['a name with a lone surrogate', { name: 'Ann \ud83d' }],
    ['a name that is a number', { name: 7 }],
    ['a name that is a list', { name: ['Ann'] }],
    ['a name that is an object', { name: { S: 'Ann' } }],
    ['an address that is too long', { email: address(maxEmailCharacters + 1) }],
    ['an address without an @', { email: 'ann' }],
    ['two addresses', { email: 'ann@example.com,bob@example.com' }],
    ['an address with a line break', { email: 'ann@example.com\nBcc: all@example.com' }],
    ['a negative age', { age: -1 }],
    ['an age above the maximum', { age: maxAge + 1 }],
    ['a fractional age', { age: 1.5 }],
    ['an age as text', { age: '37' }],
    ['a boolean age', { age: true }],
    ['an infinite age', { age: Infinity }],
    ['a version as text', { age: 37, version: '1' }],
    ['a null version', { age: 37, version: null }],
    ['a negative version', { age: 37, version: -1 }],
    ['an id', { user_id: 'bob', age: 37 }],
    ['an unknown field', { name: 'Ann', role: 'admin' }],
    ['a field that every object inherits', { constructor: 'x' }],
    ['a prototype', JSON.parse('{"__proto__":{"isAdmin":true},"name":"Ann"}') as Record<string, unknown>],
  ])('is rejected for %s', (_, fields) => {
    expect(() => parseMemberChanges(fields)).toThrow(InvalidMemberError);
  });
});

describe('A member’s attribute in the user pool', () => {
  it('is copied if it is valid in a record', () => {
    const attributes = {
      sub: 'x',
      name: '<b>Ann</b>',
      email: 'ann@example.com',
      age: '37',
      'custom:role': 'admin',
    };
    expect(readAttributes(attributes)).toEqual({ name: '<b>Ann</b>', email: 'ann@example.com', age: null });
  });

  it('is replaced by null if it is not valid', () => {
    const attributes = { name: 'n'.repeat(10_000), email: 'nowhere' };
    expect(readAttributes(attributes)).toEqual({ name: null, email: null, age: null });
    expect(readAttributes({})).toEqual({ name: null, email: null, age: null });
  });
});
