import { isDeepStrictEqual } from 'node:util';
import { resolve } from '../../local/template/intrinsics';
import { createScope } from '../../local/template/scope';
import type { TranslatedResource, TranslatedTemplate } from './templates';

/**
 * Types that an update must keep: they hold the counts, the public address, the functions and the place in the
 * stream. Other resources hold nothing (a Permission) or are new after each change (a Deployment's id contains a
 * hash of the API's routes).
 */
const keptTypes = [
  'AWS::DynamoDB::Table',
  'AWS::ApiGateway::RestApi',
  'AWS::ApiGateway::Stage',
  'AWS::Lambda::Function',
  'AWS::Lambda::EventSourceMapping',
];

/**
 * The losses of a deployed stack that is updated to a template, a sentence each.
 * @param createOnly by type, the properties whose change makes CloudFormation replace the resource
 */
export function findLosses(
  deployed: TranslatedTemplate,
  update: TranslatedTemplate,
  createOnly: Record<string, string[]>,
): string[] {
  const before = resolveTemplate(deployed);
  const after = resolveTemplate(update);
  const losses: string[] = [];
  for (const [id, old] of Object.entries(before.resources)) {
    const found = after.resources[id];
    const isKept = keptTypes.includes(old.Type);
    if (!found) {
      if (isKept) losses.push(`${id} (${old.Type}) is gone.`);
    } else if (found.Type !== old.Type) {
      losses.push(`${id} is of another type: ${found.Type}, which was ${old.Type}.`);
    } else if (isKept) {
      const changed = changedProperties(old, found, createOnly[old.Type] ?? []);
      losses.push(...changed.map((property) => `${id} is replaced: its ${property} changes.`));
    }
  }
  for (const [name, value] of Object.entries(before.outputs)) {
    if (!isDeepStrictEqual(after.outputs[name], value)) losses.push(`The output ${name} changes.`);
  }
  return losses;
}

/**
 * Path variables of a REST API that an update names differently. API Gateway allows one variable under each parent,
 * so an import that keeps the deployed one refuses the new one.
 * @returns the deployed resources, such as `/tags/{tag}`
 */
export function findRenamedVariables(deployed: string[], update: string[]): string[] {
  const after = variablesByParent(update);
  return [...variablesByParent(deployed)]
    .filter(([parent, variable]) => (after.get(parent) ?? variable) !== variable)
    .map(([parent, variable]) => `${parent}/${variable}`)
    .sort();
}

function variablesByParent(paths: string[]): Map<string, string> {
  const variables = new Map<string, string>();
  for (const parts of paths.map((path) => path.split('/'))) {
    for (const [index, part] of parts.entries()) {
      if (part.startsWith('{')) variables.set(parts.slice(0, index).join('/'), part);
    }
  }
  return variables;
}

interface ResolvedTemplate {
  resources: Record<string, TranslatedResource>;
  outputs: Record<string, unknown>;
}

/** Puts defaults in place of parameters and logical ids in place of resources, so that equal means equal when deployed. */
function resolveTemplate(template: TranslatedTemplate): ResolvedTemplate {
  const scope = createScope(template, {}, 'us-east-1', (id, attribute) => `GetAtt ${id}.${attribute}`);
  const resources = Object.entries(template.Resources).map(([id, { Properties = {}, ...resource }]) => [
    id,
    { ...resource, Properties: resolve(Properties, scope) },
  ]);
  const outputs = Object.entries(template.Outputs ?? {}).map(([name, { Value }]) => [
    name,
    resolve(Value, scope),
  ]);
  return {
    resources: Object.fromEntries(resources) as Record<string, TranslatedResource>,
    outputs: Object.fromEntries(outputs) as Record<string, unknown>,
  };
}

function changedProperties(old: TranslatedResource, found: TranslatedResource, pointers: string[]): string[] {
  const changed = pointers
    .filter((pointer) => !isDeepStrictEqual(valueAt(old, pointer), valueAt(found, pointer)))
    .map((pointer) => pointer.replace('/properties/', ''));
  return old.Type === 'AWS::DynamoDB::Table' ? [...changed, ...changedTableProperties(old, found)] : changed;
}

/** Two changes that cfn-lint's schemas do not list. */
function changedTableProperties(
  { Properties: old }: TranslatedResource,
  found: TranslatedResource,
): string[] {
  const changed: string[] = [];
  // An attribute's definition holds the type of a key. Attributes that are no keys may come and go.
  const types = (properties: Record<string, unknown> = {}) =>
    new Map(
      (properties.AttributeDefinitions as { AttributeName: string; AttributeType: string }[]).map(
        ({ AttributeName, AttributeType }) => [AttributeName, AttributeType],
      ),
    );
  const typesFound = types(found.Properties);
  for (const [name, type] of types(old)) {
    if (typesFound.has(name) && typesFound.get(name) !== type) changed.push(`attribute ${name}'s type`);
  }
  // Another stream specification makes another stream, and the mapping loses its place.
  if (!isDeepStrictEqual(old?.StreamSpecification, found.Properties?.StreamSpecification)) {
    changed.push('StreamSpecification');
  }
  return changed;
}

/** The value at a pointer such as `/properties/VpcConfig/SubnetIds`; `*` stands for every item of a list. */
function valueAt({ Properties }: TranslatedResource, pointer: string): unknown {
  const [, , ...names] = pointer.split('/');
  return names.reduce<unknown>((value, name) => {
    if (name === '*') return value;
    if (Array.isArray(value)) return value.map((item) => propertyOf(item, name));
    return propertyOf(value, name);
  }, Properties);
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
