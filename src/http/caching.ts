import { createHash } from 'node:crypto';
import type { Request } from './request';
import type { Response } from './response';

/**
 * Makes a response cacheable, and answers 304 if the caller's copy is current.
 * @param cacheControl the header's value
 */
export function allowCaching(request: Request, response: Response, cacheControl: string): Response {
  const etag = `"${createHash('sha256')
    .update(response.body?.text ?? '')
    .digest('base64url')
    .slice(0, 22)}"`;
  const headers = { ...response.headers, 'cache-control': cacheControl, etag };
  return matches(request.header('if-none-match'), etag) ? { status: 304, headers } : { ...response, headers };
}

/** Compares weakly, because caches that compress weaken the ETag: https://www.rfc-editor.org/rfc/rfc9110#field.if-none-match */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  const known = (ifNoneMatch ?? '').split(',').map((entry) => entry.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*');
}
