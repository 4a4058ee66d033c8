import type { Request } from './request';

/**
 * A cookie's name where the request came in. `__Host-` has browsers take it only over TLS, for this very host and
 * all its paths, so that no neighbour under the same parent domain can plant one. Not all browsers take that
 * over plain HTTP, which is what this machine speaks. docs/decisions/visitor-sessions.md
 */
function nameOf(request: Request, stem: string): string {
  return request.isOnLoopback ? stem : `__Host-${stem}`;
}

/** The value of a cookie of ours, by the name without its prefix. */
export function readCookie(request: Request, stem: string): string | undefined {
  return request.cookie(nameOf(request, stem));
}

/** The `Set-Cookie` of a cookie that scripts cannot read, and that posts from other sites do not carry. */
export function formatCookie(request: Request, stem: string, value: string, maxAgeSeconds: number): string {
  const attributes = [`Max-Age=${maxAgeSeconds}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (!request.isOnLoopback) attributes.push('Secure');
  return [`${nameOf(request, stem)}=${value}`, ...attributes].join('; ');
}
