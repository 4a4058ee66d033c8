import { respond, type Kind, type Response } from '../http/response';
import type { Request } from '../http/request';

/** The answer to who is not signed in: a person is led to the form, and back afterwards; a program is told. */
export function askToSignIn(request: Request, kind: Kind): Response {
  if (kind !== 'html')
    return { ...respond('json', { json: () => ({ message: 'Sign in first.' }) }), status: 401 };
  // What was posted is gone by then, and with it whatever it was about.
  const path = request.method === 'POST' ? '/restricted' : request.route;
  const here = request.query === '' ? path : `${path}?${request.query}`;
  return { status: 302, headers: { location: `${request.base}/login?return=${encodeURIComponent(here)}` } };
}
