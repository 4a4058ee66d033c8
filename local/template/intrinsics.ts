import { TemplateError } from './templateError';

/** Evaluates a condition of the template by its name. */
export type Conditions = (name: string) => boolean;

/** The values that intrinsic functions can refer to. */
export interface Scope {
  ref(name: string): unknown;
  attribute(resource: string, attribute: string): unknown;
  condition: Conditions;
  mapping(map: string, first: string, second: string): unknown;
}

type Resolver = (argument: unknown, scope: Scope) => unknown;

/**
 * CloudFormation's intrinsic functions, by their key in JSON.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
const resolvers: Record<string, Resolver> = {
  Ref: (name, scope) => scope.ref(text(name, 'Ref')),
  'Fn::GetAtt': (argument, scope) => {
    const parts = Array.isArray(argument) ? argument.map(String) : text(argument, 'Fn::GetAtt').split('.');
    const [resource = '', ...attribute] = parts;
    return scope.attribute(resource, attribute.join('.'));
  },
  'Fn::Sub': (argument, scope) => {
    const [pattern, variables] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
    const own = resolve(variables, scope) as Record<string, unknown>;
    return text(pattern, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (Object.hasOwn(own, name)) return String(own[name]);
      const [resource = '', ...attribute] = name.trim().split('.');
      return String(attribute.length ? scope.attribute(resource, attribute.join('.')) : scope.ref(resource));
    });
  },
  'Fn::Join': (argument, scope) => {
    const [separator, values] = list(argument, 'Fn::Join');
    return list(resolve(values, scope), 'Fn::Join').map(String).join(String(separator));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, value] = list(argument, 'Fn::Split');
    return text(resolve(value, scope), 'Fn::Split').split(String(separator));
  },
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, 'Fn::Select');
    return list(resolve(values, scope), 'Fn::Select')[Number(resolve(index, scope))];
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(resolve(argument, scope), 'Fn::FindInMap').map(String);
    return scope.mapping(map ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (value, scope) => Buffer.from(text(resolve(value, scope), 'Fn::Base64')).toString('base64'),
  'Fn::If': (argument, scope) => {
    const [condition, then, otherwise] = list(argument, 'Fn::If');
    return resolve(scope.condition(text(condition, 'Fn::If')) ? then : otherwise, scope);
  },
};

/** The value of `{Ref: AWS::NoValue}`, which removes its property. */
export const noValue = Symbol('AWS::NoValue');

/**
 * Replaces intrinsic functions by their values, at all levels.
 * @throws TemplateError for a function that is not supported, and for a reference that does not exist
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
    const resolver = resolvers[only[0]];
    if (!resolver) throw new TemplateError(`${only[0]} is not supported by the local runner.`);
    return resolver(only[1], scope);
  }
  const resolved = entries.map(([key, item]) => [key, resolve(item, scope)] as const);
  return Object.fromEntries(resolved.filter(([, item]) => item !== noValue));
}

/** Whether a condition of the template holds. */
export function holds(condition: unknown, scope: Scope, conditions: Conditions): boolean {
  const [name, argument] = Object.entries(condition as Record<string, unknown>)[0] ?? ['', undefined];
  const operands = () => list(argument, name).map((operand) => holds(operand, scope, conditions));
  switch (name) {
    case 'Condition':
      return conditions(text(argument, name));
    case 'Fn::Equals': {
      const [left, right] = list(resolve(argument, scope), name);
      return String(left) === String(right);
    }
    case 'Fn::And':
      return operands().every(Boolean);
    case 'Fn::Or':
      return operands().some(Boolean);
    case 'Fn::Not':
      return !operands()[0];
    default:
      throw new TemplateError(`${name || 'An empty condition'} is not supported in conditions.`);
  }
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`${where} takes text, not ${JSON.stringify(value)}.`);
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where} takes a list, not ${JSON.stringify(value)}.`);
}
