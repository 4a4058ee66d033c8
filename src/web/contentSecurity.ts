import type { Response } from '../http/response';
import { styleSource } from '../pages/layout';

/** A response with the sources that its page may load from, besides its own style. */
export interface PageResponse extends Response {
  /** Another origin whose pictures the page shows. */
  imageOrigin?: string;
  /** The hash of the page's script, as a source of its Content-Security-Policy. The script may call our own paths only. */
  scriptSource?: string;
}

/** The security headers of a page; none for other kinds of response. */
export function contentSecurityHeaders({
  body,
  imageOrigin = '',
  scriptSource,
}: PageResponse): Record<string, string> {
  if (body?.kind !== 'html') return {};
  return {
    'content-security-policy':
      `default-src 'none'; style-src ${styleSource}; img-src ${`'self' data: ${imageOrigin}`.trim()}; ` +
      (scriptSource === undefined ? '' : `script-src ${scriptSource}; connect-src 'self'; `) +
      `base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    'referrer-policy': 'strict-origin-when-cross-origin',
  };
}
