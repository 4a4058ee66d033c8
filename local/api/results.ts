import { isObject } from '../json';

/** A handler's answer that API Gateway would turn into a 502. The message names what is wrong with it. */
export class InvalidResultError extends Error {}

/** An answer ready to be sent. */
export interface HttpResult {
  status: number;
  /** Several values of a name stand one behind the other. */
  headers: [string, string][];
  body: Buffer;
}

type Fields = Record<string, unknown>;

const restFields = ['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded'];

/** Reads an answer as a REST API does: strictly. @throws InvalidResultError */
export function parseRestResult(result: unknown): HttpResult {
  const fields = assertObject(result);
  const unknown = Object.keys(fields).filter((name) => !restFields.includes(name));
  if (unknown.length) throw new InvalidResultError(`The answer has unknown fields: ${unknown.join(', ')}.`);
  return createResult(fields);
}

/** Reads an answer as an HTTP API does: without a `statusCode` the whole answer is the body. @throws InvalidResultError */
export function parseHttpResult(result: unknown): HttpResult {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const body = typeof result === 'string' ? result : JSON.stringify(result);
    return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(body) };
  }
  const fields = assertObject(result);
  const created = createResult(fields);
  for (const cookie of Array.isArray(fields.cookies) ? fields.cookies : []) {
    created.headers.push(['set-cookie', String(cookie)]);
  }
  return created;
}

function createResult(fields: Fields): HttpResult {
  const { statusCode, body = '', isBase64Encoded = false } = fields;
  const status = typeof statusCode === 'string' ? Number(statusCode) : statusCode;
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 599) {
    throw new InvalidResultError(`The answer's statusCode is ${JSON.stringify(statusCode)}.`);
  }
  if (body !== null && typeof body !== 'string') {
    throw new InvalidResultError("The answer's body is not a string.");
  }
  const headers = [...readHeaders(fields, 'headers'), ...readHeaders(fields, 'multiValueHeaders')];
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type') && body) {
    headers.push(['content-type', 'application/json']);
  }
  return { status, headers, body: Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8') };
}

function readHeaders(fields: Fields, name: 'headers' | 'multiValueHeaders'): [string, string][] {
  const headers = fields[name] ?? {};
  if (typeof headers !== 'object' || Array.isArray(headers)) {
    throw new InvalidResultError(`The answer's ${name} is not an object.`);
  }
  return Object.entries(headers).flatMap(([key, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).map((one: unknown): [string, string] => {
      if (typeof one === 'object') throw new InvalidResultError(`The answer's header ${key} is not text.`);
      return [key, `${one as string | number | boolean}`];
    }),
  );
}

function assertObject(result: unknown): Fields {
  if (isObject(result)) return result;
  throw new InvalidResultError(`The answer is ${JSON.stringify(result)}, not an object with a statusCode.`);
}
