import type { CorsDefinition } from '../template/apis';

const corsHeader = /^access-control-/i;

/**
 * The answer's headers as an HTTP API with CORS sends them: its own in the place of the handler's.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function applyCors(
  headers: [string, string][],
  cors: CorsDefinition | undefined,
  origin: string | undefined,
): [string, string][] {
  if (!cors) return headers;
  const own = headers.filter(([name]) => !corsHeader.test(name));
  if (origin === undefined || !isAllowed(cors, origin)) return own;
  return [...own, ...originHeaders(cors, origin), ...list('expose-headers', cors.exposeHeaders)];
}

/** The headers that answer a preflight request; none for an origin that is not allowed. */
export function preflightHeaders(cors: CorsDefinition, origin: string): [string, string][] {
  if (!isAllowed(cors, origin)) return [];
  const age: [string, string][] =
    cors.maxAgeSeconds === undefined ? [] : [['access-control-max-age', String(cors.maxAgeSeconds)]];
  return [
    ...originHeaders(cors, origin),
    ...list('allow-methods', cors.allowMethods),
    ...list('allow-headers', cors.allowHeaders),
    ...age,
  ];
}

function isAllowed({ allowOrigins }: CorsDefinition, origin: string): boolean {
  return allowOrigins.includes('*') || allowOrigins.includes(origin);
}

function originHeaders(cors: CorsDefinition, origin: string): [string, string][] {
  const allowed = cors.allowOrigins.includes('*') ? '*' : origin;
  const credentials: [string, string][] = cors.allowCredentials
    ? [['access-control-allow-credentials', 'true']]
    : [];
  return [['access-control-allow-origin', allowed], ...credentials];
}

function list(name: string, values: string[]): [string, string][] {
  return values.length ? [[`access-control-${name}`, values.join(',')]] : [];
}
