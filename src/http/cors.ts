import type { Request } from './request';
import type { Response } from './response';

/** A page of an origin that the owner did not list called. */
export class OriginNotAllowedError extends Error {
  constructor() {
    super('Pages of this origin are not counted here.');
  }
}

/**
 * The CORS headers of an answer. Credentials are never allowed, so none is ever said to be.
 * @param origin the request's `Origin`, if any
 * @param allowed the owner's list of origins; an empty list, or `*`, is any
 */
export function corsHeaders(origin: string | undefined, allowed: string[]): Record<string, string> {
  const expose = { 'access-control-expose-headers': 'Footfall-Not-Counted' };
  if (isAny(allowed)) return { 'access-control-allow-origin': '*', ...expose };
  if (origin === undefined || !allowed.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, ...expose };
}

/**
 * A call without an `Origin` is no page's; it passes, as the origin of such a caller can be anything.
 * @throws OriginNotAllowedError
 */
export function assertOriginAllowed(origin: string | undefined, allowed: string[]): void {
  if (origin === undefined || isAny(allowed)) return;
  if (!allowed.includes(origin)) throw new OriginNotAllowedError();
}

/**
 * The origin of the page that a picture is on. Browsers send no `Origin` for pictures, but most a `Referer`, of which
 * at least the origin is left unless the page asks for less.
 */
export function originOfPage(request: Request): string | undefined {
  const referer = request.header('referer');
  return request.header('origin') ?? (referer && URL.canParse(referer) ? new URL(referer).origin : undefined);
}

/**
 * What a browser asks before it sends what a plain form could not, such as a token; with the headers of `corsHeaders`.
 * https://developer.mozilla.org/en-US/docs/Glossary/Preflight_request
 */
export function answerPreflight(methods: string, headers: string): Response {
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': methods,
      'access-control-allow-headers': headers,
      'access-control-max-age': '86400',
    },
  };
}

function isAny(allowed: string[]): boolean {
  return allowed.length === 0 || allowed.includes('*');
}
