import { TemplateError } from './intrinsics';
import { listProperty, type Properties } from './properties';

export interface RouteDefinition {
  api: 'rest' | 'http';
  apiId: string;
  stage: string;
  /** Upper case, or `ANY`. */
  method: string;
  /** Such as `/tags/{tag+}`, or `$default`. */
  path: string;
  functionId: string;
  /** An authorizer stands before it that is not run here, so nobody gets through. */
  isClosed: boolean;
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

/** What the runner does about an API; what else stands there is named at the start. */
const restApiProperties = ['StageName', 'Auth', 'Name', 'Description', 'Tags', 'EndpointConfiguration'];
const httpApiProperties = ['StageName', 'Auth', 'Name', 'Description', 'Tags', 'CorsConfiguration'];
const throttlingProperties = ['MethodSettings', 'DefaultRouteSettings', 'RouteSettings'];

/** The properties of an API that the runner leaves out, in words. */
export function leftOut(api: 'rest' | 'http', properties: Properties): string[] {
  const known = api === 'rest' ? restApiProperties : httpApiProperties;
  return Object.keys(properties)
    .filter((name) => !known.includes(name))
    .map((name) => (throttlingProperties.includes(name) ? 'throttling' : name));
}

/** @throws TemplateError */
export function parsePath(path: string): string {
  if (path !== '$default' && !/^\/([^{}]|\{[\w.-]+\})*(\{[\w.-]+\+\})?$/.test(path)) {
    throw new TemplateError(
      `The path ${path} begins with no slash, or has a greedy part that is not its last.`,
    );
  }
  return path;
}

/** @throws TemplateError */
export function assertDistinct(routes: RouteDefinition[]): void {
  const seen = new Set<string>();
  for (const { api, method, path } of routes) {
    const route = `${method} ${path}`;
    if (seen.has(api + route)) throw new TemplateError(`Two events have the route ${route}.`);
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
