import Negotiator from 'negotiator';
import { styleSource } from '../pages/layout';
import type { Request } from './request';

/** The kinds of answer that a person or a program may ask for. */
export type Kind = 'html' | 'json';

export interface Response {
  status: number;
  headers?: Record<string, string>;
  /** Left out: an answer without a body. */
  body?: { kind: Kind; text: string };
}

const contentTypes: Record<Kind, string> = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
};
const mediaTypes: Record<Kind, string> = { html: 'text/html', json: 'application/json' };

/** Which kind the `Accept` header asks for; `preferred` where it does not care, or asks for neither. */
export function negotiate(request: Request, preferred: Kind): Kind {
  const kinds: Kind[] = preferred === 'html' ? ['html', 'json'] : ['json', 'html'];
  // Parameters such as `charset` are no part of what we offer, and Negotiator would take them for a difference.
  const accept = request.header('accept')?.replace(/;\s*(?!q=)[^;,]*/gi, '');
  const negotiator = new Negotiator({ headers: { accept } });
  const best = negotiator.mediaType(kinds.map((kind) => mediaTypes[kind]));
  return kinds.find((kind) => mediaTypes[kind] === best) ?? preferred;
}

/** An answer with HTML or JSON, as asked; only what was asked for is made. */
export function respond(
  kind: Kind,
  contents: { html: () => string; json: () => unknown },
  headers: Record<string, string> = {},
): Response {
  const text = kind === 'html' ? contents.html() : JSON.stringify(contents.json());
  return { status: 200, headers, body: { kind, text } };
}

/** The shape that both payload formats of API Gateway take for an answer. */
export interface ApiResult {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
  isBase64Encoded: false;
}

/** Adds the headers that every answer carries. */
export function formatResponse(response: Response): ApiResult {
  const { status, body } = response;
  const headers: Record<string, string> = {
    // Counts change with every visit, and a visit from a cache would not be counted.
    'cache-control': 'no-store',
    vary: 'Accept, Origin',
    'x-content-type-options': 'nosniff',
    ...response.headers,
  };
  if (body) headers['content-type'] = contentTypes[body.kind];
  if (body?.kind === 'html') {
    headers['content-security-policy'] =
      `default-src 'none'; style-src ${styleSource}; img-src 'self' data:; base-uri 'none'; ` +
      `form-action 'self'; frame-ancestors 'none'`;
    headers['referrer-policy'] = 'strict-origin-when-cross-origin';
  }
  return { statusCode: status, headers, body: body?.text ?? '', isBase64Encoded: false };
}
