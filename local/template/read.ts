import { readFileSync } from 'node:fs';
import { parseDocument, type CollectionTag, type ScalarTag } from 'yaml';
import { isObject } from '../json';
import { TemplateError } from './templateError';
import type { RawTemplate } from './scope';

const shortForms = [
  ...['And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join'],
  ...['Length', 'Not', 'Or', 'Select', 'Split', 'Sub', 'ToJsonString', 'Transform'],
];

/** Turns CloudFormation's short forms, `!Ref x`, into the long ones, `{Ref: x}`. */
const tags = [...shortForms, 'Ref', 'Condition'].flatMap((name): (ScalarTag | CollectionTag)[] => {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;
  const wrap = (value: unknown) => ({ [key]: value });
  return [
    { tag: `!${name}`, resolve: (value: string) => wrap(value) },
    { tag: `!${name}`, collection: 'seq', resolve: (node) => wrap(node.toJSON()) },
    { tag: `!${name}`, collection: 'map', resolve: (node) => wrap(node.toJSON()) },
  ];
});

/**
 * Reads a SAM template, YAML or JSON.
 * @throws TemplateError with the place of the first mistake
 */
export function readTemplate(path: string): RawTemplate {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    throw new TemplateError(`The template ${path} cannot be read: ${(error as Error).message}`);
  }
  const document = parseDocument(source, { customTags: tags, merge: true });
  // The parser only warns about an unknown tag such as !GetAttr.
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) throw new TemplateError(`The template ${path} is not valid YAML: ${mistake.message}`);
  const template = asTemplateError(path, () => document.toJS() as RawTemplate | null);
  if (typeof template !== 'object' || template === null || !isObject(template.Resources)) {
    throw new TemplateError(`The template ${path} has no Resources.`);
  }
  return template;
}

/** Names the template in errors that its content causes. @throws TemplateError */
export function asTemplateError<Value>(path: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    throw new TemplateError(`The template ${path} cannot be understood: ${(error as Error).message}`);
  }
}
