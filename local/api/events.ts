import type { APIGatewayProxyEvent, APIGatewayProxyEventV2 } from 'aws-lambda';
import { accountId } from '../template/scope';
import type { Claims } from './authorizer';
import { groupValues, joinHeaders, joinValues, type Incoming } from './incoming';
import type { RouteMatch } from './routes';

/**
 * Payload 1.0, as a REST API sends it: path parameters stay percent-encoded, names of headers keep their
 * case, the last value of a repeated one stands beside the list of all.
 * @param claims those of the token, where an authorizer has verified one
 */
export function createRestEvent(
  incoming: Incoming,
  { route, parameters }: RouteMatch,
  claims?: Claims,
): APIGatewayProxyEvent {
  const headers = [...incoming.headers, ...forwarded(incoming)];
  const query = [...new URLSearchParams(incoming.rawQuery)];
  const lower = joinHeaders(headers);
  return {
    resource: route.path,
    path: incoming.path,
    httpMethod: incoming.method,
    headers: Object.fromEntries(headers),
    multiValueHeaders: Object.fromEntries(groupValues(headers)),
    queryStringParameters: query.length ? Object.fromEntries(query) : null,
    multiValueQueryStringParameters: query.length ? Object.fromEntries(groupValues(query)) : null,
    pathParameters: Object.keys(parameters).length ? parameters : null,
    stageVariables: null,
    requestContext: {
      accountId,
      apiId: route.apiId,
      authorizer: claims ? { claims } : null,
      domainName: lower.host,
      extendedRequestId: incoming.requestId,
      httpMethod: incoming.method,
      identity: { ...emptyIdentity, sourceIp: incoming.sourceIp, userAgent: lower['user-agent'] ?? null },
      path: incoming.stagePrefix + incoming.path,
      protocol: 'HTTP/1.1',
      requestId: incoming.requestId,
      requestTime: formatTime(incoming.timeMs),
      requestTimeEpoch: incoming.timeMs,
      resourceId: route.path,
      resourcePath: route.path,
      stage: route.stage,
    },
    body: incoming.body.length ? incoming.body.toString('utf8') : null,
    isBase64Encoded: false,
  };
}

/**
 * Payload 2.0, as an HTTP API sends it: the path and its parameters decoded, names of headers in lower
 * case, repeated values joined with commas, cookies apart.
 */
export function createHttpEvent(
  incoming: Incoming,
  { route, parameters }: RouteMatch,
): APIGatewayProxyEventV2 {
  const isCookie = ([name]: [string, string]) => name.toLowerCase() === 'cookie';
  const cookies = incoming.headers.filter(isCookie).flatMap(([, value]) => value.split(/;\s*/));
  const sent = incoming.headers.filter((header) => !isCookie(header));
  const headers = joinHeaders([...sent, ...forwarded(incoming)]);
  const query = joinValues([...new URLSearchParams(incoming.rawQuery)]);
  const isText = /^(text\/|application\/(json|xml|javascript|x-www-form-urlencoded))/.test(
    headers['content-type'] ?? '',
  );
  return {
    version: '2.0',
    routeKey: route.path === '$default' ? '$default' : `${route.method} ${route.path}`,
    rawPath: decodePath(incoming.path),
    rawQueryString: incoming.rawQuery,
    ...(cookies.length ? { cookies } : {}),
    headers,
    ...(Object.keys(query).length ? { queryStringParameters: query } : {}),
    ...(Object.keys(parameters).length ? { pathParameters: parameters } : {}),
    requestContext: {
      accountId,
      apiId: route.apiId,
      domainName: headers.host ?? '',
      domainPrefix: route.apiId,
      http: {
        method: incoming.method,
        path: decodePath(incoming.path),
        protocol: 'HTTP/1.1',
        sourceIp: incoming.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: incoming.requestId,
      routeKey: route.path === '$default' ? '$default' : `${route.method} ${route.path}`,
      stage: '$default',
      time: formatTime(incoming.timeMs),
      timeEpoch: incoming.timeMs,
    },
    ...(incoming.body.length ? { body: incoming.body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: incoming.body.length > 0 && !isText,
  };
}

/** An HTTP API decodes a path before it looks for the route. @throws URIError for broken percent-encoding */
export function decodePath(path: string): string {
  return decodeURIComponent(path);
}

const emptyIdentity = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

function forwarded({ sourceIp, headers }: Incoming): [string, string][] {
  const port = joinHeaders(headers).host?.split(':').at(-1) ?? '';
  return [
    ['X-Forwarded-For', sourceIp],
    ['X-Forwarded-Port', port],
    ['X-Forwarded-Proto', 'http'],
  ];
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Such as `21/Nov/2026:10:15:30 +0000`. */
function formatTime(timeMs: number): string {
  const [, year, month, day, time] = /^(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(new Date(timeMs).toISOString()) ?? [];
  return `${day ?? ''}/${months[Number(month) - 1] ?? ''}/${year ?? ''}:${time ?? ''} +0000`;
}
