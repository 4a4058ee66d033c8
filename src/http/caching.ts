import { createHash } from 'node:crypto';
import type { Request } from './request';
import type { Response } from './response';

/**
 * Lets an answer be kept, and says 304 to those who have it already.
 * @param cacheControl how long, and by whom
 */
export function allowCaching(request: Request, response: Response, cacheControl: string): Response {
  const etag = `"${createHash('sha256')
    .update(response.body?.text ?? '')
    .digest('base64url')
    .slice(0, 22)}"`;
  const headers = { ...response.headers, 'cache-control': cacheControl, etag };
  return hasThis(request.header('if-none-match'), etag) ? { status: 304, headers } : { ...response, headers };
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match: a list, compared weakly, as caches that compress do. */
function hasThis(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((entry) => entry.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
