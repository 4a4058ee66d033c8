import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Claims } from '../accounts/caller';

/** An event of either door: a REST API's payload 1.0, or an HTTP API's 2.0. */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** The caller's mistake. The message is one sentence for the caller. */
export class BadRequestError extends Error {}

/** One request, whichever door it came through. */
export interface Request {
  method: string;
  /** The payload format of the event, which says how the answer carries cookies. */
  payload: '1.0' | '2.0';
  /** Whether the API was called under a name of this machine itself. Never so in the cloud. */
  isOnLoopback: boolean;
  /** What stands before the route's path in the address: `/Prod`, or nothing under a domain of one's own. */
  base: string;
  /** A header by its lower-case name. */
  header: (name: string) => string | undefined;
  /** A cookie's value as it was sent; the first one, where several have the name. */
  cookie: (name: string) => string | undefined;
  /** A part of the path by its name in the route. @throws BadRequestError for broken percent-encoding */
  pathParameter: (name: string) => string;
  /** The last value of a query parameter. @throws BadRequestError for broken percent-encoding */
  queryParameter: (name: string) => string | undefined;
  /** The body as text; empty where there is none. */
  body: string;
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
  return {
    method: event.httpMethod,
    payload: '1.0',
    isOnLoopback: isLoopback(event.requestContext.domainName),
    base: isDecoded ? '' : stripRoute(fullPath, event.resource, parameters),
    header: (name) => headers[name],
    cookie: (name) => findCookie((headers.cookie ?? '').split(';'), name),
    pathParameter(name) {
      const value = parameters[name] ?? '';
      return isDecoded ? value : decode(value);
    },
    queryParameter: (name) => event.queryStringParameters?.[name],
    body: readBody(event),
    claims: event.requestContext.authorizer?.claims as Claims | undefined,
  };
}

function parseHttpApiEvent(event: APIGatewayProxyEventV2): Request {
  const headers = lowerCaseNames(event.headers);
  const parameters = event.pathParameters ?? {};
  const route = event.routeKey.slice(event.routeKey.indexOf(' ') + 1);
  return {
    method: event.requestContext.http.method,
    payload: '2.0',
    isOnLoopback: isLoopback(event.requestContext.domainName),
    base: stripRoute(event.rawPath, route, parameters),
    header: (name) => headers[name],
    cookie: (name) => findCookie(event.cookies ?? [], name),
    pathParameter: (name) => parameters[name] ?? '',
    // The raw string: the decoded one joins repeated parameters with commas, which values may hold too.
    queryParameter: (name) => parseQuery(event.rawQueryString, name),
    body: readBody(event),
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

/** The first of a name is the one with the closest path, as browsers order them. */
function findCookie(pairs: string[], name: string): string | undefined {
  const prefix = `${name}=`;
  const found = pairs.map((pair) => pair.trim()).find((pair) => pair.startsWith(prefix));
  return found?.slice(prefix.length);
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
  const end = route.replace(/\{(\w+)\+?\}/g, (_, name: string) => parameters[name] ?? '');
  return path.endsWith(end) ? path.slice(0, path.length - end.length) : '';
}

function lowerCaseNames(
  headers: Record<string, string | undefined> | null,
): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
