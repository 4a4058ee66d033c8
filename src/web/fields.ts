import { parseJsonObject } from '../http/jsonBody';
import { BadRequestError, type Request } from '../http/request';

/** More than any form of ours can hold. */
export class BodyTooLargeError extends Error {
  constructor() {
    super(`The body is longer than ${maxBodyBytes} bytes.`);
  }
}

/** The body is neither a form's nor JSON. */
export class UnsupportedContentTypeError extends Error {
  constructor() {
    super('The content type has to be application/x-www-form-urlencoded or application/json.');
  }
}

/** What was posted, by name. Of JSON a value may be anything; of a form each is text. */
export type Fields = ReadonlyMap<string, unknown>;

export const maxBodyBytes = 64 * 1024;

/** Whether the body says that it is JSON. */
export function isJsonPost(request: Request): boolean {
  return mediaType(request) === 'application/json';
}

/**
 * Reads a posted form, or the members of a JSON object.
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
 * The text of a field that has to be there.
 * @throws BadRequestError when it is missing, empty, no text, or longer than that
 */
export function requireText(fields: Fields, name: string, maxCharacters: number): string {
  const value = fields.get(name) ?? '';
  if (value === '') throw new BadRequestError(`The field ${name} is missing.`);
  if (typeof value !== 'string') throw new BadRequestError(`The field ${name} has to be text.`);
  if (value.length > maxCharacters) {
    throw new BadRequestError(`The field ${name} is longer than ${maxCharacters} characters.`);
  }
  return value;
}

/** The text of a field that may be left out. @throws BadRequestError when it is no text */
export function readText(fields: Fields, name: string): string | undefined {
  const value = fields.get(name);
  if (value !== undefined && typeof value !== 'string')
    throw new BadRequestError(`The field ${name} has to be text.`);
  return value;
}

function mediaType(request: Request): string {
  const [type = ''] = (request.header('content-type') ?? '').split(';');
  return type.trim().toLowerCase();
}

function parseForm(text: string): Fields {
  try {
    // URLSearchParams takes broken encoding for what it is not.
    decodeURIComponent(text);
  } catch {
    throw new BadRequestError('The form has broken percent-encoding.');
  }
  return new Map(new URLSearchParams(text));
}
