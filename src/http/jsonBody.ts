import { BadRequestError } from './request';

/** Parses a body that must be a JSON object. @throws BadRequestError */
export function parseJsonObject(body: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    throw new BadRequestError('The body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequestError('The body must be a JSON object.');
  return value as Record<string, unknown>;
}
