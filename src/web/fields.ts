import { FootfallError } from '../errors/footfallError';
import { parseJsonObject } from '../http/jsonBody';
import { BadRequestError, type Request } from '../http/request';

export class BodyTooLargeError extends FootfallError {
  readonly kind = 'tooLarge';

  constructor() {
    super(`The body is larger than ${maxBodyBytes} bytes.`);
  }
}

/** The body is neither a form nor JSON. */
export class UnsupportedContentTypeError extends FootfallError {
  readonly kind = 'unsupportedMediaType';

  constructor() {
    super('The content type must be application/x-www-form-urlencoded or application/json.');
  }
}

/** The posted fields by name. In a form each value is text; in JSON it may be anything. */
export type Fields = ReadonlyMap<string, unknown>;

/** Larger than any form of Footfall. */
export const maxBodyBytes = 64 * 1024;

/** Whether the content type is JSON. */
export function isJsonPost(request: Request): boolean {
  return mediaType(request) === 'application/json';
}

/**
 * Parses a posted form or JSON object.
 * @throws BodyTooLargeError, UnsupportedContentTypeError, BadRequestError
 */
export function parseFields(request: Request): Fields {
  const { body } = request;
  if (Buffer.byteLength(body) > maxBodyBytes) throw new BodyTooLargeError();
  switch (mediaType(request)) {
    case 'application/json':
      return new Map(Object.entries(parseJsonObject(body)));
    case 'application/x-www-form-urlencoded':
      return parseForm(body);
    default:
      throw new UnsupportedContentTypeError();
  }
}

/**
 * Returns the text of a required field.
 * @throws BadRequestError when it is missing, empty, not text, or too long
 */
export function requireText(fields: Fields, name: string, maxCharacters: number): string {
  const value = fields.get(name) ?? '';
  if (value === '') throw new BadRequestError(`The field ${name} is missing.`);
  if (typeof value !== 'string') throw new BadRequestError(`The field ${name} must be text.`);
  if (value.length > maxCharacters) {
    throw new BadRequestError(`The field ${name} is longer than ${maxCharacters} characters.`);
  }
  return value;
}

/** Returns the text of an optional field. @throws BadRequestError when it is not text */
export function readOptionalText(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== 'string')
    throw new BadRequestError(`The field ${name} must be text.`);
  return value;
}

function mediaType(request: Request): string {
  const [type = ''] = (request.header('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}

function parseForm(text: string): Fields {
  try {
    // URLSearchParams keeps broken encoding as text.
    decodeURIComponent(text);
  } catch {
    throw new BadRequestError('The form has broken percent-encoding.');
  }
  return new Map(new URLSearchParams(text));
}
