import { isObject } from '../json';
import { TemplateError } from './templateError';

/** Properties of a resource or an event, by name. */
export type Properties = Record<string, unknown>;

/**
 * A property as text; numbers and booleans are converted.
 * @throws TemplateError naming the property
 */
export function textProperty(properties: Properties, name: string, fallback: string): string {
  const value = properties[name] ?? fallback;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new TemplateError(`${name} takes text, not ${JSON.stringify(value)}.`);
}

/** A property that is a list of text; a single text is a list of one. @throws TemplateError */
export function listProperty(properties: Properties, name: string, fallback: string[] = []): string[] {
  const value = properties[name];
  if (value === undefined) return fallback;
  if (!Array.isArray(value)) return [textProperty(properties, name, '')];
  return value.map((item: unknown) => textProperty({ [name]: item }, name, ''));
}

/** A property that is a whole number, also when written as text. @throws TemplateError */
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

/** Merges objects key by key and concatenates lists; anything else is replaced. */
export function mergeProperties(globals: unknown, own: unknown): unknown {
  if (Array.isArray(globals) && Array.isArray(own)) return [...(globals as unknown[]), ...(own as unknown[])];
  if (!isObject(globals) || !isObject(own)) return own;
  const merged: Properties = { ...globals };
  for (const [key, value] of Object.entries(own)) {
    merged[key] = key in globals ? mergeProperties(globals[key], value) : value;
  }
  return merged;
}
