import type { Request } from './request';

/**
 * Returns a cookie's name. With `__Host-`, browsers accept the cookie only over TLS, for this host and all paths, so no
 * other host of the parent domain can plant one. Some browsers refuse the prefix over plain HTTP, which a local machine
 * uses. docs/decisions/visitor-sessions.md
 */
function nameOf(request: Request, stem: string): string {
  return request.isOnLoopback ? stem : `__Host-${stem}`;
}

/** @param stem the cookie's name without its prefix */
export function readCookie(request: Request, stem: string): string | undefined {
  return request.cookie(nameOf(request, stem));
}

/** Formats a `Set-Cookie`. Scripts cannot read the cookie, and browsers do not send it with posts from other sites. */
export function formatCookie(request: Request, stem: string, value: string, maxAgeSeconds: number): string {
  const attributes = [`Max-Age=${maxAgeSeconds}`, 'Path=/', 'HttpOnly', 'SameSite=Lax'];
  if (!request.isOnLoopback) attributes.push('Secure');
  return [`${nameOf(request, stem)}=${value}`, ...attributes].join('; ');
}
