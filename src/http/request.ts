import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Claims } from '../api/caller';

/** An event of either door: a REST API's payload 1.0, or an HTTP API's 2.0. */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** The caller's mistake. The message is one sentence for the caller. */
export class BadRequestError extends Error {}

/** One request, whichever door it came through. */
export interface Request {
  method: string;
  /** The route's pattern, such as `/tags/{tag+}`. */
  route: string;
  /** The payload format of the event, which says how the answer carries cookies. */
  payload: '1.0' | '2.0';
  /** Whether the API was called under a name of this machine itself. Never so in the cloud. */
  isOnLoopback: boolean;
  /** The domain that API Gateway says it was called under; with a port where `npm start` answers. */
  domainName: string;
  /** The caller's address as API Gateway saw it. A header such as X-Forwarded-For is anyone's to write. */
  sourceAddress: string;
  /** What stands before the route's path in the address: `/Prod`, or nothing under a domain of one's own. */
  base: string;
  /** A header by its lower-case name. */
  header: (name: string) => string | undefined;
  /** A cookie's value as it was sent; the first one, where several have the name. */
  cookie: (name: string) => string | undefined;
  /** All cookies as they were sent, `name=value` each. */
  cookies: string[];
  /** The body as text, decoded where API Gateway has it in base64; empty where there is none. */
  body: string;
  /** A part of the path by its name in the route. @throws BadRequestError for broken percent-encoding */
  pathParameter: (name: string) => string;
  /** The query as it stands in the address, percent-encoded and without the question mark. */
  query: string;
  /** The last value of a query parameter. @throws BadRequestError for broken percent-encoding */
  queryParameter: (name: string) => string | undefined;
  /** What the API's authorizer verified of who calls; nothing where it verified nothing. */
  claims: Claims | undefined;
}

/** Reads either payload format. */
export function parseRequest(event: ApiEvent): Request {
  return isHttpApiEvent(event) ? parseHttpApiEvent(event) : parseRestApiEvent(event);
}

function isHttpApiEvent(event: ApiEvent): event is APIGatewayProxyEventV2 {
  return 'version' in event && event.version === '2.0';
}

function parseRestApiEvent(event: APIGatewayProxyEvent): Request {
  const headers = lowerCaseNames(event.headers);
  const parameters = event.pathParameters ?? {};
  const fullPath = event.requestContext.path;
  // A REST API leaves path parameters percent-encoded. `sam local start-api` decodes them; there, and
  // only there, the context's path is the route's pattern itself.
  const isDecoded = fullPath === event.resource;
  const cookies = splitCookies((headers.cookie ?? '').split(';'));
  return {
    method: event.httpMethod,
    route: event.resource,
    payload: '1.0',
    isOnLoopback: isLoopback(event.requestContext.domainName),
    domainName: event.requestContext.domainName ?? '',
    sourceAddress: event.requestContext.identity.sourceIp,
    base: isDecoded ? '' : stripRoute(fullPath, event.resource, parameters),
    header: (name) => headers[name],
    cookie: (name) => findCookie(cookies, name),
    cookies,
    body: readBody(event),
    pathParameter(name) {
      const value = parameters[name] ?? '';
      return isDecoded ? value : decode(value);
    },
    query: formatQuery(event.multiValueQueryStringParameters ?? {}),
    queryParameter: (name) => event.queryStringParameters?.[name],
    claims: event.requestContext.authorizer?.claims as Claims | undefined,
  };
}

function parseHttpApiEvent(event: APIGatewayProxyEventV2): Request {
  const headers = lowerCaseNames(event.headers);
  const parameters = event.pathParameters ?? {};
  const cookies = splitCookies(event.cookies ?? []);
  const route = event.routeKey.slice(event.routeKey.indexOf(' ') + 1);
  return {
    method: event.requestContext.http.method,
    route,
    payload: '2.0',
    isOnLoopback: isLoopback(event.requestContext.domainName),
    domainName: event.requestContext.domainName,
    sourceAddress: event.requestContext.http.sourceIp,
    base: stripRoute(event.rawPath, route, parameters),
    header: (name) => headers[name],
    cookie: (name) => findCookie(cookies, name),
    cookies,
    body: readBody(event),
    pathParameter: (name) => parameters[name] ?? '',
    query: event.rawQueryString,
    // The raw string: the decoded one joins repeated parameters with commas, which values may hold too.
    queryParameter: (name) => parseQuery(event.rawQueryString, name),
    claims: undefined,
  };
}

function readBody({ body, isBase64Encoded }: ApiEvent): string {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '');
}

/**
 * By the domain that API Gateway says it was called under. It knows an API by that name, so a deployed one is never
 * called so; a `Host` or `X-Forwarded-Host` that a caller made up is not asked. `sam local` and `npm start` add a port.
 */
function isLoopback(domain: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(domain ?? '');
}

function splitCookies(pairs: string[]): string[] {
  return pairs.map((pair) => pair.trim()).filter((pair) => pair !== '');
}

/** The first of a name is the one with the closest path, as browsers order them. */
function findCookie(pairs: string[], name: string): string | undefined {
  const prefix = `${name}=`;
  const found = pairs.find((pair) => pair.startsWith(prefix));
  return found?.slice(prefix.length);
}

function formatQuery(parameters: Record<string, string[] | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, values = []] of Object.entries(parameters)) {
    for (const value of values) query.append(name, value);
  }
  return query.toString();
}

function parseQuery(rawQuery: string, name: string): string | undefined {
  let last: string | undefined;
  for (const pair of rawQuery.split('&')) {
    const equals = pair.indexOf('=');
    const [key, value] = equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
    if (decodeName(key) === name) last = decode(value.replaceAll('+', ' '));
  }
  return last;
}

/** A name with broken encoding is none of ours. */
function decodeName(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequestError('The address has broken percent-encoding.');
  }
}

/** What stands in front of the route in a path: '/Prod' of '/Prod/tags/a', route '/tags/{tag+}', tag 'a'. */
function stripRoute(path: string, route: string, parameters: Record<string, string | undefined>): string {
  const end = dropLastSlash(route.replace(/\{(\w+)\+?\}/g, (_, name: string) => parameters[name] ?? ''));
  const start = dropLastSlash(path);
  const base = start.endsWith(end) ? start.slice(0, start.length - end.length) : '';
  // Links begin with it, and two slashes would name another host.
  return dropLastSlash(base.replace(/^\/+/, '/'));
}

/** A REST API takes `/login/` for `/login`, and the path tells which it was. */
function dropLastSlash(path: string): string {
  return path.endsWith('/') ? path.slice(0, -1) : path;
}

function lowerCaseNames(
  headers: Record<string, string | undefined> | null,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
