import type {
  APIGatewayProxyEvent,
  APIGatewayProxyEventV2,
  DynamoDBStreamEvent,
  PostAuthenticationTriggerEvent,
  PostConfirmationTriggerEvent,
} from 'aws-lambda';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface SampleEvents {
  'main.json': APIGatewayProxyEvent;
  'recordVisit.json': APIGatewayProxyEvent;
  'recordVisit.tag.json': APIGatewayProxyEvent;
  'recordVisit.noTag.json': APIGatewayProxyEvent;
  'recordVisit.beacon.json': APIGatewayProxyEventV2;
  'viewCounts.json': APIGatewayProxyEvent;
  'listCounts.json': APIGatewayProxyEvent;
  'tagChanges.json': APIGatewayProxyEvent;
  'membersPage.json': APIGatewayProxyEvent;
  'sessionCounter.json': APIGatewayProxyEventV2;
  'accessLog.json': APIGatewayProxyEvent;
  'badge.json': APIGatewayProxyEventV2;
  'pixel.json': APIGatewayProxyEventV2;
  'snippet.json': APIGatewayProxyEventV2;
  'login.json': APIGatewayProxyEvent;
  'login.crossSite.json': APIGatewayProxyEvent;
  'logout.json': APIGatewayProxyEvent;
  'dashboard.json': APIGatewayProxyEvent;
  'users.json': APIGatewayProxyEvent;
  'users.read.json': APIGatewayProxyEvent;
  'users.change.json': APIGatewayProxyEvent;
  'users.noToken.json': APIGatewayProxyEvent;
  'users.preflight.json': APIGatewayProxyEvent;
  'recordMember.json': PostAuthenticationTriggerEvent;
  'recordMember.confirmed.json': PostConfirmationTriggerEvent;
  'streamProcessor.json': DynamoDBStreamEvent;
}

/** Reads a sample event from events/, as a new object at each call. */
export function readEvent<Name extends keyof SampleEvents>(name: Name): SampleEvents[Name] {
  return JSON.parse(readFileSync(join(__dirname, '../../events', name), 'utf8')) as SampleEvents[Name];
}

/** The parts of a request that a test varies. */
export interface RequestParts {
  method?: string;
  /** The route, such as `/tags/{tag+}`. */
  route: string;
  /** Percent-encoded, as in the URL. */
  path: string;
  /** Percent-encoded, without the question mark. */
  query?: string;
  headers?: Record<string, string>;
}

/** The request as a REST API formats it: path parameters still encoded, the query decoded. */
export function restEvent({
  method = 'GET',
  route,
  path,
  query = '',
  headers = {},
}: RequestParts): APIGatewayProxyEvent {
  const sample = readEvent('recordVisit.json');
  const parameters = new URLSearchParams(query);
  return {
    ...sample,
    resource: route,
    path,
    httpMethod: method,
    headers: { ...sample.headers, ...headers },
    pathParameters: greedyParameter(route, path),
    queryStringParameters: query ? Object.fromEntries(parameters) : null,
    requestContext: {
      ...sample.requestContext,
      httpMethod: method,
      resourcePath: route,
      path: `/Prod${path}`,
    },
  };
}

/** The same request as an HTTP API formats it: path and parameters decoded, header names in lower case. */
export function httpEvent({
  method = 'GET',
  route,
  path,
  query = '',
  headers = {},
}: RequestParts): APIGatewayProxyEventV2 {
  const sample = readEvent('recordVisit.beacon.json');
  const rawPath = decodeURIComponent(path);
  const parameters = greedyParameter(route, rawPath);
  delete sample.headers.origin;
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return {
    ...sample,
    routeKey: `${method} ${route}`,
    rawPath,
    rawQueryString: query,
    headers: { ...sample.headers, ...Object.fromEntries(lowerCase) },
    ...(parameters ? { pathParameters: parameters } : {}),
    requestContext: {
      ...sample.requestContext,
      http: { ...sample.requestContext.http, method, path: rawPath },
      routeKey: `${method} ${route}`,
    },
  };
}

function greedyParameter(route: string, path: string): Record<string, string> | null {
  const prefix = route.slice(0, Math.max(route.indexOf('{'), 0));
  return prefix ? { tag: path.slice(prefix.length) } : null;
}
