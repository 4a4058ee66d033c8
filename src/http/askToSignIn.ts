import type { Request } from './request';
import type { Kind, Response } from './response';
import { respond } from './response';

/**
 * The answer to who is not signed in: a person is led to the form, and back afterwards; a program is told.
 * @param path the page's own, below `request.base`
 */
export function askToSignIn(request: Request, kind: Kind, path: string): Response {
  if (kind !== 'html')
    return { ...respond('json', { json: () => ({ message: 'Sign in first.' }) }), status: 401 };
  const here = request.query === '' ? path : `${path}?${request.query}`;
  return { status: 302, headers: { location: `${request.base}/login?return=${encodeURIComponent(here)}` } };
}
