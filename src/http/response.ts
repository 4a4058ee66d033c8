import Negotiator from 'negotiator';
import type { Request } from './request';

/** The content types of responses. */
export type Kind = 'html' | 'json' | 'text' | 'csv' | 'svg' | 'gif' | 'script';

export interface Response {
  status: number;
  headers?: Record<string, string>;
  /** The values of `Set-Cookie`. */
  cookies?: string[];
  /** The text of a GIF is base64. */
  body?: { kind: Kind; text: string };
}

const mediaTypes: Record<Kind, string> = {
  html: 'text/html',
  json: 'application/json',
  text: 'text/plain',
  csv: 'text/csv',
  svg: 'image/svg+xml',
  gif: 'image/gif',
  script: 'application/javascript',
};

/** The kinds that `Accept` may choose from, by the preferred kind. */
const offers: Record<Kind, Kind[]> = {
  html: ['html', 'json'],
  json: ['json', 'html'],
  text: ['text', 'json'],
  csv: ['csv', 'json'],
  svg: ['svg', 'json'],
  gif: ['gif', 'json'],
  script: ['script', 'json'],
};

/** Pages of other sites embed these. An SVG opened on its own is a document, so its policy forbids scripts. */
const embedded = { 'cross-origin-resource-policy': 'cross-origin' };
const embeddedHeaders: Partial<Record<Kind, Record<string, string>>> = {
  svg: { ...embedded, 'content-security-policy': "default-src 'none'; sandbox" },
  gif: embedded,
  script: embedded,
};

/** Negotiates the kind by `Accept`; `preferred` if the header is missing or accepts nothing that we offer. */
export function negotiate(request: Request, preferred: Kind): Kind {
  const kinds = offers[preferred];
  // Negotiator would treat a parameter such as `charset` as a different media type.
  const accept = request.header('accept')?.replace(/;(?!\s*q=)[^;,]*/gi, '');
  const negotiator = new Negotiator({ headers: { accept } });
  const best = negotiator.mediaType(kinds.map((kind) => mediaTypes[kind]));
  return kinds.find((kind) => mediaTypes[kind] === best) ?? preferred;
}

/** The body of a response for each kind; only the chosen one is made. */
export type Contents = Partial<Record<Exclude<Kind, 'json'>, () => string>> & { json: () => unknown };

/** Makes a response of the kind, or JSON if `contents` has no such kind. */
export function respond(kind: Kind, contents: Contents, headers: Record<string, string> = {}): Response {
  const make = kind === 'json' ? undefined : contents[kind];
  const body = make
    ? { kind, text: make() }
    : { kind: 'json' as const, text: JSON.stringify(contents.json()) };
  return { status: 200, headers, body };
}

/** Redirects a browser to a path of this API. Leading slashes are merged: two would lead to another host. */
export function redirect(path: string): Response {
  return { status: 303, headers: { location: path.replace(/^[/\\]+/, '/') } };
}

/** The shape of a response in both payload formats of API Gateway. */
export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: boolean;
  cookies?: string[];
  multiValueHeaders?: Record<string, string[]>;
}

/** Adds the headers that every response has, and formats cookies for the payload format. */
export function formatResponse(response: Response, payload: Request['payload']): ApiResult {
  const { status, body, cookies = [] } = response;
  const headers: Record<string, string> = {
    // Counts change with every visit, and a visit answered from a cache would not be counted.
    'cache-control': 'no-store',
    // Pages format numbers and dates for the reader's language.
    vary: body?.kind === 'html' ? 'Accept, Accept-Language, Origin' : 'Accept, Origin',
    'x-content-type-options': 'nosniff',
    ...response.headers,
  };
  if (body) Object.assign(headers, { 'content-type': contentType(body.kind) }, embeddedHeaders[body.kind]);
  const isBase64Encoded = body?.kind === 'gif';
  const result: ApiResult = { statusCode: status, headers, body: body?.text ?? '', isBase64Encoded };
  if (cookies.length === 0) return result;
  // A REST API answers 502 to a field that it does not know.
  return payload === '2.0'
    ? { ...result, cookies }
    : { ...result, multiValueHeaders: { 'set-cookie': cookies } };
}

function contentType(kind: Kind): string {
  return kind === 'gif' ? mediaTypes.gif : `${mediaTypes[kind]}; charset=utf-8`;
}
