import { FootfallError } from '../errors/footfallError';
import type { Request } from './request';
import type { Response } from './response';

/** The caller is a page whose origin is not in the stack's parameter `AllowedOrigins`. */
export class OriginNotAllowedError extends FootfallError {
  readonly kind = 'forbidden';

  constructor() {
    super('Visits from this page are not counted. Add its origin to AllowedOrigins.');
  }
}

/**
 * Returns the CORS headers of a response. They never allow credentials.
 * @param origin the request's `Origin`, if any
 * @param allowed the origins of `AllowedOrigins`; an empty list or `*` allows every origin
 */
export function corsHeaders(origin: string | undefined, allowed: string[]): Record<string, string> {
  const expose = { 'access-control-expose-headers': 'Footfall-Not-Counted' };
  if (isAny(allowed)) return { 'access-control-allow-origin': '*', ...expose };
  if (origin === undefined || !allowed.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, ...expose };
}

/**
 * Lets a call without an `Origin` pass: it comes from a program, which could send any origin.
 * @throws OriginNotAllowedError
 */
export function assertOriginAllowed(origin: string | undefined, allowed: string[]): void {
  if (origin === undefined || isAny(allowed)) return;
  if (!allowed.includes(origin)) throw new OriginNotAllowedError();
}

/**
 * Returns the origin of the page that embeds a picture. Browsers send no `Origin` for pictures, but most send a `Referer`
 * with at least the origin, unless the page forbids it.
 */
export function originOfPage(request: Request): string | undefined {
  const referer = request.header('referer');
  return request.header('origin') ?? (referer && URL.canParse(referer) ? new URL(referer).origin : undefined);
}

/**
 * Answers a preflight request, which a browser sends before a request that a plain form could not make.
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
