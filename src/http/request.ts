import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { InvalidRequestError } from '../errors/footfallError';

/** An event of the web API (a REST API, payload format 1.0) or of the beacon API (an HTTP API, payload format 2.0). */
export type ApiEvent = APIGatewayProxyEvent | APIGatewayProxyEventV2;

/** The request breaks a rule of HTTP or lacks a part that its route needs. */
export class BadRequestError extends InvalidRequestError {}

/** The claims of a verified token, as a REST API's Cognito authorizer passes them on: each value is text. */
export type Claims = Record<string, unknown>;

/** One request, independent of the API and payload format that it came through. */
export interface Request {
  method: string;
  /** The route's pattern, such as `/tags/{tag+}`. */
  route: string;
  /** The payload format of the event. The response must have the same, because each carries cookies differently. */
  payload: '1.0' | '2.0';
  /** Whether the API was called under a name of the local machine. In the cloud it never is. */
  isOnLoopback: boolean;
  /** The API's domain, as API Gateway reports it; `npm start` adds the port. */
  domainName: string;
  /** The caller's network address, as API Gateway reports it. Anyone can forge a header such as X-Forwarded-For. */
  sourceAddress: string;
  /** The path in front of the route: `/Prod`, or nothing under a custom domain. */
  base: string;
  /** A header by its lower-case name. */
  header: (name: string) => string | undefined;
  /** A cookie's value as the browser sent it; of several cookies with one name, the first. */
  cookie: (name: string) => string | undefined;
  /** All cookies as the browser sent them, each `name=value`. */
  cookies: string[];
  /** The body as text, decoded from base64 if needed; empty without a body. */
  body: string;
  /** A path parameter by its name in the route. @throws BadRequestError for broken percent-encoding */
  pathParameter: (name: string) => string;
  /** The query string, percent-encoded and without the question mark. */
  query: string;
  /** A query parameter; of several with one name, the last. @throws BadRequestError for broken percent-encoding */
  queryParameter: (name: string) => string | undefined;
  /** The claims that the API's authorizer verified; undefined on routes without an authorizer. */
  claims: Claims | undefined;
}

/** Parses an event of either payload format. */
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
  // A REST API leaves path parameters percent-encoded. `sam local start-api` decodes them; only there the context's path
  // equals the route's pattern.
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
    // The parsed parameters join repeated ones with commas, which values may contain.
    queryParameter: (name) => parseQuery(event.rawQueryString, name),
    claims: undefined,
  };
}

function readBody({ body, isBase64Encoded }: ApiEvent): string {
  return isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString() : (body ?? '');
}

/**
 * Decides by the domain that API Gateway reports, which a caller cannot forge, unlike `Host` or `X-Forwarded-Host`.
 * `sam local` and `npm start` add a port.
 */
function isLoopback(domain: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(domain ?? '');
}

function splitCookies(pairs: string[]): string[] {
  return pairs.map((pair) => pair.trim()).filter((pair) => pair !== '');
}

/** Browsers send the cookie with the most specific path first. */
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

/** A name with broken encoding matches no parameter. */
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

/** Returns the path in front of the route: '/Prod' for '/Prod/tags/a', the route '/tags/{tag+}' and the tag 'a'. */
function stripRoute(path: string, route: string, parameters: Record<string, string | undefined>): string {
  const end = dropLastSlash(route.replace(/\{(\w+)\+?\}/g, (_, name: string) => parameters[name] ?? ''));
  const start = dropLastSlash(path);
  const base = start.endsWith(end) ? start.slice(0, start.length - end.length) : '';
  // Links begin with the result; with two slashes they would lead to another host.
  return dropLastSlash(base.replace(/^\/+/, '/'));
}

/** A REST API serves `/login/` as `/login`, but leaves the slash in the path. */
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
