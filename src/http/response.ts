import Negotiator from 'negotiator';
import { styleSource } from '../pages/layout';
import type { Request } from './request';

/** The kinds of answer that a person or a program may ask for. */
export type Kind = 'html' | 'json' | 'text' | 'csv' | 'svg' | 'gif' | 'script';

export interface Response {
  status: number;
  headers?: Record<string, string>;
  /** Values of `Set-Cookie`, one a cookie. */
  cookies?: string[];
  /** An origin whose pictures a page may show, beside our own. */
  imageOrigin?: string;
  /** A script that a page may run, as a source of its Content-Security-Policy; it may ask our own paths alone. */
  scriptSource?: string;
  /** Left out: an answer without a body. The text of a GIF is base64. */
  body?: { kind: Kind; text: string };
}

const contentTypes: Record<Kind, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
  text: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  svg: 'image/svg+xml; charset=utf-8',
  gif: 'image/gif',
  script: 'application/javascript; charset=utf-8',
};
const mediaTypes: Record<Kind, string> = {
  html: 'text/html',
  json: 'application/json',
  text: 'text/plain',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  gif: 'image/gif',
  script: 'application/javascript',
};

/** What is offered beside the kind that is preferred, in order. */
const offers: Record<Kind, Kind[]> = {
  html: ['html', 'json'],
  json: ['json', 'html'],
  text: ['text', 'json'],
  csv: ['csv', 'json'],
  svg: ['svg', 'json'],
  gif: ['gif', 'json'],
  script: ['script', 'json'],
};

/** What pages of other sites take in. An SVG that is opened by itself is a document, which nothing may run in. */
const embedded = { 'cross-origin-resource-policy': 'cross-origin' };
const embeddedHeaders: Partial<Record<Kind, Record<string, string>>> = {
  svg: { ...embedded, 'content-security-policy': "default-src 'none'; sandbox" },
  gif: embedded,
  script: embedded,
};

/** Which kind the `Accept` header asks for; `preferred` where it does not care, or asks for neither. */
export function negotiate(request: Request, preferred: Kind): Kind {
  const kinds = offers[preferred];
  // Parameters such as `charset` are no part of what we offer, and Negotiator would take them for a difference.
  const accept = request.header('accept')?.replace(/;(?!\s*q=)[^;,]*/gi, '');
  const negotiator = new Negotiator({ headers: { accept } });
  const best = negotiator.mediaType(kinds.map((kind) => mediaTypes[kind]));
  return kinds.find((kind) => mediaTypes[kind] === best) ?? preferred;
}

/** What an answer says, by its kind. */
export type Contents = Partial<Record<Exclude<Kind, 'json'>, () => string>> & { json: () => unknown };

/** An answer of the kind asked for, or JSON where there is none of it; only what is sent is made. */
export function respond(kind: Kind, contents: Contents, headers: Record<string, string> = {}): Response {
  const make = kind === 'json' ? undefined : contents[kind];
  const body = make
    ? { kind, text: make() }
    : { kind: 'json' as const, text: JSON.stringify(contents.json()) };
  return { status: 200, headers, body };
}

/** Sends a browser on to a path of this API. One that begins with two slashes would name another host. */
export function redirect(path: string): Response {
  return { status: 303, headers: { location: path.replace(/^[/\\]+/, '/') } };
}

/** The shape that both payload formats of API Gateway take for an answer; they differ in where cookies stand. */
export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
  cookies?: string[];
  multiValueHeaders?: Record<string, string[]>;
}

/** Adds the headers that every answer carries, and puts cookies where the payload format has them. */
export function formatResponse(response: Response, payload: Request['payload']): ApiResult {
  const { status, body, cookies = [], imageOrigin = '', scriptSource } = response;
  const headers: Record<string, string> = {
    // Counts change with every visit, and a visit from a cache would not be counted.
    'cache-control': 'no-store',
    // Pages write numbers and dates as their reader does.
    vary: body?.kind === 'html' ? 'Accept, Accept-Language, Origin' : 'Accept, Origin',
    'x-content-type-options': 'nosniff',
    ...response.headers,
  };
  if (body) Object.assign(headers, { 'content-type': contentTypes[body.kind] }, embeddedHeaders[body.kind]);
  if (body?.kind === 'html') {
    headers['content-security-policy'] =
      `default-src 'none'; style-src ${styleSource}; img-src ${`'self' data: ${imageOrigin}`.trim()}; ` +
      (scriptSource === undefined ? '' : `script-src ${scriptSource}; connect-src 'self'; `) +
      `base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
    headers['referrer-policy'] = 'strict-origin-when-cross-origin';
  }
  const isBase64Encoded = body?.kind === 'gif';
  const result: ApiResult = { statusCode: status, headers, body: body?.text ?? '', isBase64Encoded };
  if (cookies.length === 0) return result;
  // A REST API answers 502 to a field that it does not know.
  return payload === '2.0'
    ? { ...result, cookies }
    : { ...result, multiValueHeaders: { 'set-cookie': cookies } };
}
