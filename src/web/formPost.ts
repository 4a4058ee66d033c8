import { timingSafeEqual } from 'node:crypto';
import { FootfallError } from '../errors/footfallError';
import type { Request } from '../http/request';
import { csrfField } from '../pages/csrfField';
import type { Fields } from './fields';

/** A page of another site sent the form, or the form belongs to a session that has ended. */
export class CrossSiteRequestError extends FootfallError {
  readonly kind = 'forbidden';

  constructor() {
    super('This form has expired. Reload the page and try again.');
  }
}

/**
 * Refuses requests that a page of another site makes. Where they are present, `Sec-Fetch-Site` and `Origin` must both
 * match. Every current browser sends both. A client that sends neither is a program, which no other site can control.
 * docs/decisions/sign-in.md
 * @throws CrossSiteRequestError
 */
export function assertSameOrigin(request: Request): void {
  const site = request.header('sec-fetch-site');
  const origin = request.header('origin');
  // Browsers send `none` when the person acts, such as reloading a posted page.
  const isSiteRight = site === undefined || site === 'same-origin' || site === 'none';
  if (!isSiteRight || (origin !== undefined && !isOwnOrigin(request, origin)))
    throw new CrossSiteRequestError();
}

/**
 * Refuses a form that lacks this session's CSRF token.
 * @throws CrossSiteRequestError
 */
export function assertFormPost(request: Request, fields: Fields, csrfToken: string): void {
  assertSameOrigin(request);
  const given = fields.get(csrfField);
  if (typeof given !== 'string' || !isSameText(given, csrfToken)) throw new CrossSiteRequestError();
}

/** Pages cannot set `Host`. Under `sam local` only `Host` has the port. */
function isOwnOrigin(request: Request, origin: string): boolean {
  const schemes = request.isOnLoopback ? ['http', 'https'] : ['https'];
  const hosts = [request.domainName, request.header('host') ?? ''].filter((host) => host !== '');
  return schemes.some((scheme) => hosts.some((host) => origin === `${scheme}://${host.toLowerCase()}`));
}

function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
