import { respond, type Kind, type Response } from '../http/response';
import type { Request } from '../http/request';

/** Answers a caller who is not signed in: redirects a browser to the form, which leads back; answers a program with 401. */
export function askToSignIn(request: Request, kind: Kind): Response {
  if (kind !== 'html')
    return { ...respond('json', { json: () => ({ message: 'Sign in first.' }) }), status: 401 };
  // A redirect loses the posted fields, so it leads to the dashboard instead.
  const path = request.method === 'POST' ? '/restricted' : request.route;
  const here = request.query === '' ? path : `${path}?${request.query}`;
  return { status: 302, headers: { location: `${request.base}/login?return=${encodeURIComponent(here)}` } };
}
