import { holds, noValue, type Scope } from './intrinsics';
import { textProperty } from './properties';
import { TemplateError } from './templateError';

/** A resource of the template, unresolved. */
export interface RawResource {
  Type: string;
  Condition?: string;
  Properties?: Record<string, unknown>;
  Metadata?: Record<string, unknown>;
}

/** A parsed template, unresolved. */
export interface RawTemplate {
  Parameters?: Record<string, { Type?: string; Default?: unknown; AllowedValues?: unknown[] }>;
  Mappings?: Record<string, Record<string, Record<string, unknown>>>;
  Conditions?: Record<string, unknown>;
  Globals?: Record<string, Record<string, unknown>>;
  Resources?: Record<string, RawResource>;
}

/** The APIs that SAM adds by itself. A template may refer to them. */
const implicitApis = ['ServerlessRestApi', 'ServerlessHttpApi'];

/** The account id of AWS's documentation, which belongs to nobody. */
export const accountId = '123456789012';

/**
 * The references of a template: parameters, pseudo parameters, and resources by their local names.
 * @param attributes looks up an attribute of a resource, such as a table's stream
 * @param references looks up the `Ref` of a resource whose name is not its logical id, such as a user pool
 * @throws TemplateError for a parameter value that the template does not allow
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
      // A resource's name is its logical id, as with sam local.
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
