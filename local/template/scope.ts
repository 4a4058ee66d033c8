import { holds, noValue, type Scope } from './intrinsics';
import { textProperty } from './properties';
import { TemplateError } from './templateError';

/** A resource as it stands in the template. */
export interface RawResource {
  Type: string;
  Condition?: string;
  Properties?: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
}

/** A template as YAML gives it, before anything is resolved. */
export interface RawTemplate {
  Parameters?: Record<string, { Type?: string; Default?: unknown; AllowedValues?: unknown[] }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Globals?: Record<string, Record<string, unknown>>;
  Resources?: Record<string, RawResource>;
}

/** The APIs that SAM makes by itself, which a template may refer to. */
const implicitApis = ['ServerlessRestApi', 'ServerlessHttpApi'];

/** An account id that no one has, as the documentation uses it. */
export const accountId = '123456789012';

/**
 * The references of a template: parameters, pseudo parameters, and resources by their local names.
 * @param attributes what the runner knows of resources that it has made, such as a table's stream
 * @param references what `Ref` gives for a resource whose name here is not its logical id, such as a user pool
 * @throws TemplateError for parameter values that the template does not take
 */
export function createScope(
  template: RawTemplate,
  overrides: Record<string, string>,
  region: string,
  attributes: (resource: string, attribute: string) => unknown,
  references: (resource: string) => string | undefined = () => undefined,
): Scope {
  const parameters = parameterValues(template, overrides);
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': accountId,
    'AWS::NoValue': noValue,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': region,
    'AWS::StackId': `arn:aws:cloudformation:${region}:${accountId}:stack/local/local`,
    'AWS::StackName': 'local',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const known = new Map<string, boolean>();
  const scope: Scope = {
    ref(name) {
      if (Object.hasOwn(pseudo, name)) return pseudo[name];
      if (Object.hasOwn(parameters, name)) return parameters[name];
      // A resource's name here is its logical id, as sam local has it.
      if (template.Resources?.[name] || implicitApis.includes(name)) return references(name) ?? name;
      throw new TemplateError(`The template refers to ${name}, which it does not define.`);
    },
    attribute(resource, attribute) {
      if (!template.Resources?.[resource] && !implicitApis.includes(resource)) {
        throw new TemplateError(
          `The template refers to ${resource}.${attribute}, but defines no ${resource}.`,
        );
      }
      return attributes(resource, attribute);
    },
    condition(name) {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new TemplateError(`The template defines no condition ${name}.`);
      const value = known.get(name) ?? holds(condition, scope, scope.condition);
      known.set(name, value);
      return value;
    },
    mapping(map, first, second) {
      const value = template.Mappings?.[map]?.[first]?.[second];
      if (value === undefined)
        throw new TemplateError(`The template has no mapping ${map}.${first}.${second}.`);
      return value;
    },
  };
  return scope;
}

function parameterValues(template: RawTemplate, overrides: Record<string, string>): Record<string, unknown> {
  const declared = template.Parameters ?? {};
  const unknown = Object.keys(overrides).filter((name) => !Object.hasOwn(declared, name));
  if (unknown.length) throw new TemplateError(`The template has no parameter ${unknown.join(', ')}.`);
  return Object.fromEntries(
    Object.entries(declared).map(([name, { Type = 'String', Default, AllowedValues }]) => {
      if (overrides[name] === undefined && Default === undefined) {
        throw new TemplateError(`The parameter ${name} has no default: give --parameter-overrides ${name}=…`);
      }
      const value = textProperty({ [name]: overrides[name] ?? Default }, name, '');
      if (AllowedValues && !AllowedValues.map(String).includes(value)) {
        throw new TemplateError(`The parameter ${name} takes ${AllowedValues.join(', ')}, not ${value}.`);
      }
      const isList = Type === 'CommaDelimitedList' || Type.startsWith('List<');
      return [name, isList ? value.split(',').map((part) => part.trim()) : value];
    }),
  );
}
