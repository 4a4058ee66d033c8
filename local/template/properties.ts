import { TemplateError } from './templateError';

/** Properties of a resource or an event, by name. */
export type Properties = Record<string, unknown>;

/**
 * A property that is text, or a number or boolean that can stand for it.
 * @throws TemplateError naming the property
 */
export function textProperty(properties: Properties, name: string, fallback: string): string {
  const value = properties[name] ?? fallback;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TemplateError(`${name} takes text, not ${JSON.stringify(value)}.`);
}

/** A property that is a list of text, or one text for a list of one. @throws TemplateError */
export function listProperty(properties: Properties, name: string, fallback: string[] = []): string[] {
  const value = properties[name];
  if (value === undefined) return fallback;
  if (!Array.isArray(value)) return [textProperty(properties, name, '')];
  return value.map((item: unknown) => textProperty({ [name]: item }, name, ''));
}

/** A property that is a whole number, or text that says one. @throws TemplateError */
export function numberProperty(
  properties: Properties,
  name: string,
  fallback: number,
  least: number,
  most: number,
): number {
  const value = Number(textProperty(properties, name, String(fallback)));
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new TemplateError(
    `${name} takes a whole number from ${least} to ${most}, not ${JSON.stringify(properties[name])}.`,
  );
}

/** Globals are merged key by key; lists are put one behind the other, anything else is replaced. */
export function mergeProperties(globals: unknown, own: unknown): unknown {
  if (Array.isArray(globals) && Array.isArray(own)) return [...(globals as unknown[]), ...(own as unknown[])];
  if (!isPlainObject(globals) || !isPlainObject(own)) return own;
  const merged: Properties = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in globals ? mergeProperties(globals[key], value) : value;
  }
  return merged;
}

function isPlainObject(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
