import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolve } from '../../../local/template/intrinsics';
import { readTemplate } from '../../../local/template/read';
import { createScope } from '../../../local/template/scope';
import { TemplateError } from '../../../local/template/templateError';
import { endAll } from '../../support/cleanup';
import { makeFolder } from '../../support/runner';

afterAll(endAll);

/** Resolves `Value` in a template with parameters, a mapping, conditions and a table. */
function resolveIn(value: string, overrides: Record<string, string> = {}): unknown {
  const file = join(makeFolder(), 'template.yaml');
  writeFileSync(
    file,
    `
Parameters:
  Name: { Type: String, Default: ann }
  List: { Type: CommaDelimitedList, Default: 'a, b' }
  Size: { Type: Number, Default: 3, AllowedValues: [3, 4] }
Mappings: { Regions: { us-east-1: { Short: use1 } } }
Conditions:
  IsAnn: !Equals [!Ref Name, ann]
  IsBig: !Equals [!Ref Size, 4]
  Both: !And [!Condition IsAnn, !Condition IsBig]
  Either: !Or [!Condition IsAnn, !Condition IsBig]
  Neither: !Not [!Condition Either]
Resources: { Table: { Type: AWS::DynamoDB::Table } }
Value: ${value}
`,
  );
  const template = readTemplate(file);
  const attribute = (resource: string, name: string) => `${resource}'s ${name}`;
  return resolve(
    (template as { Value?: unknown }).Value,
    createScope(template, overrides, 'us-east-1', attribute),
  );
}

describe('An intrinsic function', () => {
  it.each([
    ['!Ref Name', 'ann'],
    ['!Ref List', ['a', 'b']],
    ['!Ref Size', '3'],
    ['!Ref Table', 'Table'],
    ['!Ref AWS::Region', 'us-east-1'],
    ['{ Ref: Name }', 'ann'],
    ['!GetAtt Table.StreamArn', "Table's StreamArn"],
    ['!GetAtt [Table, StreamArn]', "Table's StreamArn"],
    ['!GetAtt ServerlessHttpApi.ApiEndpoint', "ServerlessHttpApi's ApiEndpoint"],
    [
      '!Sub "${Name} in ${AWS::Region}, ${Table.Arn}, ${!Literal}"',
      "ann in us-east-1, Table's Arn, ${Literal}",
    ],
    ['!Sub ["${Name} and ${Other}", { Other: !Ref Size }]', 'ann and 3'],
    ["!Join [',', !Ref List]", 'a,b'],
    ["!Join ['-', [x, !Ref Name]]", 'x-ann'],
    ["!Select [1, !Split ['/', a/b/c]]", 'b'],
    ['!FindInMap [Regions, !Ref AWS::Region, Short]', 'use1'],
    ['!Base64 hello', 'aGVsbG8='],
    ['!If [IsAnn, yes it is, no]', 'yes it is'],
    ['!If [Both, a, !If [Either, b, c]]', 'b'],
    ['!If [Neither, a, b]', 'b'],
    ['{ Kept: 1, Gone: !Ref AWS::NoValue }', { Kept: 1 }],
    ['[1, !If [IsBig, 2, !Ref AWS::NoValue]]', [1]],
    ['{ Deep: [{ Deeper: !Ref Name }] }', { Deep: [{ Deeper: 'ann' }] }],
  ])('is resolved: %s', (value, expected) => {
    expect(resolveIn(value)).toEqual(expected);
  });

  it.each([
    ['!Ref Nobody', 'refers to Nobody'],
    ['!GetAtt Nobody.Arn', 'defines no Nobody'],
    ['!If [Nothing, a, b]', 'defines no condition Nothing'],
    ['!ImportValue x', 'Fn::ImportValue is not supported'],
    ['!Join x', 'Fn::Join takes a list'],
    ['!FindInMap [Regions, nowhere, Short]', 'no mapping Regions.nowhere.Short'],
  ])('is rejected: %s (%s)', (value, reason) => {
    expect(() => resolveIn(value)).toThrow(TemplateError);
    expect(() => resolveIn(value)).toThrow(reason);
  });
});

describe('A merge key', () => {
  it.each([
    ['adds properties', '[&A { x: 1 }, { <<: *A, y: 2 }]', { x: 1, y: 2 }],
    ['keeps the properties after it', '[&A { x: 1 }, { <<: *A, x: 2 }]', { x: 2 }],
    ['keeps the properties before it', '[&A { x: 1 }, { x: 2, <<: *A }]', { x: 2 }],
    [
      'prefers the first of several maps',
      '[&A { x: 1 }, &B { x: 2, y: 2 }, { <<: [*A, *B] }]',
      { x: 1, y: 2 },
    ],
    ['copies intrinsic functions', '[&A { x: !Ref Name }, { <<: *A }]', { x: 'ann' }],
  ])('%s, as in SAM', (_, value, expected) => {
    expect((resolveIn(value) as unknown[]).at(-1)).toEqual(expected);
  });
});

describe('A parameter', () => {
  it('takes the given value', () => {
    expect(resolveIn('!If [Both, both, not both]', { Size: '4' })).toBe('both');
  });

  it.each([
    [{ Size: '5' }, 'The parameter Size takes 3, 4, not 5.'],
    [{ Colour: 'red' }, 'The template has no parameter Colour.'],
  ])('is rejected if its name or value is not allowed: %j', (overrides: Record<string, string>, reason) => {
    expect(() => resolveIn('x', overrides)).toThrow(reason);
  });
});
