import { TemplateError } from './templateError';
import { listProperty, textProperty, type Properties } from './properties';

export interface RouteDefinition {
  api: 'rest' | 'http';
  apiId: string;
  stage: string;
  /** Upper case, or `ANY`. */
  method: string;
  /** Such as `/tags/{tag+}`, or `$default`. */
  path: string;
  functionId: string;
  /** Set when the route needs an authorizer that does not run here: all requests are rejected. */
  isClosed: boolean;
  authorizer?: AuthorizerDefinition;
}

/** A Cognito authorizer of a REST API, as a route uses it. */
export interface AuthorizerDefinition {
  userPoolArns: string[];
  /** The header that holds the token. */
  header: string;
  /** A pattern that the token's audience has to match. */
  audiencePattern?: string;
  /** With scopes, the route needs an access token that has one of them; without, an id token. */
  scopes: string[];
}

/** A function's `Cognito` event. */
export interface TriggerDefinition {
  userPoolId: string;
  trigger: string;
  functionId: string;
}

/** CORS as an HTTP API itself answers it. */
export interface CorsDefinition {
  allowOrigins: string[];
  allowMethods: string[];
  allowHeaders: string[];
  exposeHeaders: string[];
  allowCredentials: boolean;
  maxAgeSeconds?: number;
}

/** The properties of an API that the runner handles. All others are listed at the start with --verbose. */
const restApiProperties = [
  'StageName',
  'Auth',
  'Name',
  'Description',
  'Tags',
  'EndpointConfiguration',
  'GatewayResponses',
];
const httpApiProperties = ['StageName', 'Auth', 'Name', 'Description', 'Tags', 'CorsConfiguration'];
const throttlingProperties = ['MethodSettings', 'DefaultRouteSettings', 'RouteSettings'];

/** Descriptions of an API's properties that the runner leaves out. */
export function leftOut(api: 'rest' | 'http', properties: Properties): string[] {
  const known = api === 'rest' ? restApiProperties : httpApiProperties;
  return Object.keys(properties)
    .filter((name) => !known.includes(name))
    .map((name) => (throttlingProperties.includes(name) ? 'throttling' : name))
    .concat(api === 'rest' ? readGatewayResponses(properties).leftOut : []);
}

/** The headers that a REST API adds to its own 401. */
export function parseUnauthorizedHeaders(properties: Properties): [string, string][] {
  return readGatewayResponses(properties).headers;
}

/**
 * Reads the fixed headers of `UNAUTHORIZED` in `GatewayResponses`; fixed values are in quotes.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gatewayResponse-definition.html
 */
function readGatewayResponses({ GatewayResponses = {} }: Properties): {
  headers: [string, string][];
  leftOut: string[];
} {
  const { UNAUTHORIZED = {}, ...others } = GatewayResponses as Record<string, Properties>;
  const leftOut = Object.keys(others);
  const { ResponseParameters = {}, ...rest } = UNAUTHORIZED;
  leftOut.push(...Object.keys(rest).map((name) => `UNAUTHORIZED.${name}`));
  const headers: [string, string][] = [];
  for (const [name, value] of Object.entries(
    (ResponseParameters as { Headers?: Properties }).Headers ?? {},
  )) {
    const fixed = /^'(.*)'$/s.exec(String(value))?.[1];
    if (fixed === undefined) leftOut.push(`UNAUTHORIZED's header ${name}`);
    else headers.push([name, fixed]);
  }
  return { headers, leftOut: leftOut.map((what) => `the gateway response ${what}`) };
}

/** @throws TemplateError */
export function parsePath(path: string): string {
  if (path !== '$default' && !/^\/([^{}]|\{[\w.-]+\})*(\{[\w.-]+\+\})?$/.test(path)) {
    throw new TemplateError(
      `The path ${path} is not valid. Begin it with a slash, and use a greedy parameter such as {tag+} only at its end.`,
    );
  }
  return path;
}

/** @throws TemplateError */
export function assertDistinct(routes: RouteDefinition[]): void {
  const seen = new Set<string>();
  for (const { api, method, path } of routes) {
    const route = `${method} ${path}`;
    if (seen.has(api + route))
      throw new TemplateError(`Two events have the route ${route}. Remove one of them.`);
    seen.add(api + route);
  }
}

/** Reads `CorsConfiguration`. */
export function parseCors(value: unknown): CorsDefinition {
  const cors = (value === true ? {} : value) as Properties;
  return {
    allowOrigins: listProperty(cors, 'AllowOrigins', value === true ? ['*'] : []),
    allowMethods: listProperty(cors, 'AllowMethods'),
    allowHeaders: listProperty(cors, 'AllowHeaders'),
    exposeHeaders: listProperty(cors, 'ExposeHeaders'),
    allowCredentials: cors.AllowCredentials === true,
    ...(cors.MaxAge === undefined ? {} : { maxAgeSeconds: Number(cors.MaxAge) }),
  };
}

/**
 * The Cognito authorizer that a route names; undefined for another kind of authorizer.
 * https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-api-cognitoauthorizer.html
 */
export function parseAuthorizer(auth: Properties, name: string): AuthorizerDefinition | undefined {
  const authorizer = (auth.Authorizers as Record<string, Properties> | undefined)?.[name];
  if (!authorizer || !('UserPoolArn' in authorizer)) return undefined;
  const identity = (authorizer.Identity ?? {}) as Properties;
  const pattern = identity.ValidationExpression;
  return {
    userPoolArns: listProperty(authorizer, 'UserPoolArn'),
    header: textProperty(identity, 'Header', 'Authorization'),
    ...(typeof pattern === 'string' ? { audiencePattern: pattern } : {}),
    scopes: listProperty(auth, 'AuthorizationScopes', listProperty(authorizer, 'AuthorizationScopes')),
  };
}
