import {
  InvalidMemberError,
  maxAge,
  maxEmailCharacters,
  maxNameCharacters,
  parseMemberChanges,
  readAttributes,
} from '../../../src/members/memberChanges';

const address = (characters: number) => `${'a'.repeat(characters - '@b.de'.length)}@b.de`;

describe('Changes of a member', () => {
  it.each<[string, Record<string, unknown>]>([
    ['one character of a name', { name: 'A' }],
    ['the longest name', { name: 'n'.repeat(maxNameCharacters) }],
    ['a name that looks like markup', { name: '<script>alert(1)</script>' }],
    ['a name of any script', { name: 'José 日本 👩‍👩‍👧' }],
    ['the longest address', { email: address(maxEmailCharacters) }],
    ['the least age', { age: 0 }],
    ['the greatest age', { age: maxAge }],
    ['nothing instead of something', { name: null, email: null, age: null }],
  ])('may be %s', (_, details) => {
    expect(parseMemberChanges(details)).toEqual({ details });
  });

  it('may be for one version', () => {
    expect(parseMemberChanges({ age: 37, version: 3 })).toEqual({ details: { age: 37 }, version: 3 });
    expect(parseMemberChanges({ age: 37, version: 0 })).toEqual({ details: { age: 37 }, version: 0 });
  });

  it.each<[string, Record<string, unknown>]>([
    ['nothing', {}],
    ['a version alone', { version: 1 }],
    ['an empty name', { name: '' }],
    ['a name of spaces', { name: '   ' }],
    ['a name that is too long', { name: 'n'.repeat(maxNameCharacters + 1) }],
    ['a name of 10,000 characters', { name: 'n'.repeat(10_000) }],
    ['a name with a line break', { name: 'Ann\nBob' }],
    ['a name with a null character', { name: 'Ann\0' }],
    ['a name with half a character', { name: 'Ann \ud83d' }],
    ['a name that is a number', { name: 7 }],
    ['a name that is a list', { name: ['Ann'] }],
    ['a name that is an object', { name: { S: 'Ann' } }],
    ['an address that is too long', { email: address(maxEmailCharacters + 1) }],
    ['no address', { email: 'ann' }],
    ['two addresses', { email: 'ann@example.com,bob@example.com' }],
    ['an address with a line break', { email: 'ann@example.com\nBcc: all@example.com' }],
    ['an age below nothing', { age: -1 }],
    ['an age beyond all', { age: maxAge + 1 }],
    ['half a year', { age: 1.5 }],
    ['an age in words', { age: '37' }],
    ['an age that is true', { age: true }],
    ['an endless age', { age: Infinity }],
    ['a version in words', { age: 37, version: '1' }],
    ['no version', { age: 37, version: null }],
    ['a version below nothing', { age: 37, version: -1 }],
    ['another id', { user_id: 'bob', age: 37 }],
    ['a field that nobody knows', { name: 'Ann', role: 'admin' }],
    ['a field of every object', { constructor: 'x' }],
    ['the prototype', JSON.parse('{"__proto__":{"isAdmin":true},"name":"Ann"}') as Record<string, unknown>],
  ])('may not be %s', (_, fields) => {
    expect(() => parseMemberChanges(fields)).toThrow(InvalidMemberError);
  });
});

describe('What a user pool says of a member', () => {
  it('is taken where it could stand in a record', () => {
    const attributes = {
      sub: 'x',
      name: '<b>Ann</b>',
      email: 'ann@example.com',
      age: '37',
      'custom:role': 'admin',
    };
    expect(readAttributes(attributes)).toEqual({ name: '<b>Ann</b>', email: 'ann@example.com', age: null });
  });

  it('is left out where it could not', () => {
    const attributes = { name: 'n'.repeat(10_000), email: 'nowhere' };
    expect(readAttributes(attributes)).toEqual({ name: null, email: null, age: null });
    expect(readAttributes({})).toEqual({ name: null, email: null, age: null });
  });
});
