import { timingSafeEqual } from 'node:crypto';
import type { Fields } from './fields';
import type { Request } from '../http/request';

/** A page of another site sent this, or a page of ours that has gone stale. */
export class CrossSiteRequestError extends Error {
  constructor() {
    super(
      'This was not sent by a page of this site that is up to date. Go back, reload the page, and try again.',
    );
  }
}

/** The field of a form that holds the token. */
export const csrfField = 'csrf';

/**
 * Refuses what a page of another site has a browser send. Each of the two headers has to hold where it is sent, and every
 * browser of the last years sends both; a client that sends neither is no browser, so nobody is signed in to it unawares.
 * docs/decisions/sign-in.md
 * @throws CrossSiteRequestError
 */
export function assertSameOrigin(request: Request): void {
  const site = request.header('sec-fetch-site');
  const origin = request.header('origin');
  // `none` is the person's own doing, such as posting once more by reloading.
  const isSiteRight = site === undefined || site === 'same-origin' || site === 'none';
  if (!isSiteRight || (origin !== undefined && !isOwnOrigin(request, origin)))
    throw new CrossSiteRequestError();
}

/**
 * Lets a form's post pass that came from our own page, made for this very session.
 * @throws CrossSiteRequestError
 */
export function assertFormPost(request: Request, fields: Fields, csrfToken: string): void {
  assertSameOrigin(request);
  const given = fields.get(csrfField);
  if (typeof given !== 'string' || !isSameText(given, csrfToken)) throw new CrossSiteRequestError();
}

/** Of the browser's `Host` no page has a say; `sam local` says the port there alone. */
function isOwnOrigin(request: Request, origin: string): boolean {
  const schemes = request.isOnLoopback ? ['http', 'https'] : ['https'];
  const hosts = [request.domainName, request.header('host') ?? ''].filter((host) => host !== '');
  return schemes.some((scheme) => hosts.some((host) => origin === `${scheme}://${host.toLowerCase()}`));
}

function isSameText(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
