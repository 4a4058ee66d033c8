import type { Outcome } from '../functions/outcome';
import type { CorsDefinition, RouteDefinition } from '../template/apis';
import { UnauthorizedError, type Claims, type CognitoAuthorizer } from './authorizer';
import { applyCors, preflightHeaders } from './cors';
import { createHttpEvent, createRestEvent, decodePath } from './events';
import { joinHeaders, type Incoming } from './incoming';
import { InvalidResultError, parseHttpResult, parseRestResult, type HttpResult } from './results';
import { hasPath, matchRoute, type RouteMatch } from './routes';

/** What stands between an HTTP request and the functions. */
export interface GatewayOptions {
  routes: RouteDefinition[];
  /** By the HTTP API's logical id. */
  cors: Map<string, CorsDefinition>;
  /** By the REST API's logical id. */
  unauthorizedHeaders: Map<string, [string, string][]>;
  authorizer: CognitoAuthorizer;
  invoke: (functionId: string, event: unknown) => Promise<Outcome>;
  log: (line: string) => void;
}

/** Answers as a REST API and an HTTP API beside each other; a path belongs to the one that has a route for it. */
export class Gateway {
  private readonly restRoutes: RouteDefinition[];
  private readonly httpRoutes: RouteDefinition[];

  constructor(private readonly options: GatewayOptions) {
    this.restRoutes = options.routes.filter(({ api }) => api === 'rest');
    this.httpRoutes = options.routes.filter(({ api }) => api === 'http');
  }

  async answer(incoming: Incoming): Promise<HttpResult> {
    const rest = matchRoute(this.restRoutes, incoming.method, incoming.path);
    return rest ? this.answerRestApi(incoming, rest) : this.answerHttpApi(incoming);
  }

  private async answerRestApi(incoming: Incoming, match: RouteMatch): Promise<HttpResult> {
    const { route } = match;
    const unauthorizedHeaders = this.options.unauthorizedHeaders.get(route.apiId) ?? [];
    if (route.isClosed) return unauthorized('Unauthorized', unauthorizedHeaders);
    let claims: Claims | undefined;
    try {
      claims = route.authorizer && (await this.options.authorizer.authorize(route.authorizer, incoming));
    } catch (error) {
      if (error instanceof UnauthorizedError) return unauthorized(error.message, unauthorizedHeaders);
      throw error;
    }
    const outcome = await this.options.invoke(route.functionId, createRestEvent(incoming, match, claims));
    return this.resultOf(outcome, route, parseRestResult);
  }

  private async answerHttpApi(incoming: Incoming): Promise<HttpResult> {
    let path: string;
    try {
      path = decodePath(incoming.path);
    } catch {
      return message(400, 'Bad Request');
    }
    const { origin, ...headers } = joinHeaders(incoming.headers);
    if (incoming.method === 'OPTIONS' && origin !== undefined && headers['access-control-request-method']) {
      const [cors] = this.httpRoutes
        .filter((route) => hasPath([route], path))
        .flatMap(({ apiId }) => this.options.cors.get(apiId) ?? []);
      if (cors) return { status: 204, headers: preflightHeaders(cors, origin), body: Buffer.alloc(0) };
    }
    const match = matchRoute(this.httpRoutes, incoming.method, path);
    if (!match) {
      // Each kind of API has its own way to say so.
      return hasPath(this.httpRoutes, path)
        ? message(404, 'Not Found')
        : message(403, 'Missing Authentication Token');
    }
    if (match.route.isClosed) return message(401, 'Unauthorized');
    const outcome = await this.options.invoke(match.route.functionId, createHttpEvent(incoming, match));
    const result = this.resultOf(outcome, match.route, parseHttpResult);
    return {
      ...result,
      headers: applyCors(result.headers, this.options.cors.get(match.route.apiId), origin),
    };
  }

  private resultOf(
    outcome: Outcome,
    { functionId }: RouteDefinition,
    parse: (result: unknown) => HttpResult,
  ): HttpResult {
    if (!outcome.ok) {
      this.options.log(`${functionId}: ${outcome.error}`);
      return outcome.reason === 'timedOut'
        ? message(504, 'Endpoint request timed out')
        : message(502, 'Internal server error');
    }
    try {
      return parse(outcome.response);
    } catch (error) {
      if (!(error instanceof InvalidResultError)) throw error;
      this.options.log(`${functionId}: ${error.message}`);
      return message(502, 'Internal server error');
    }
  }
}

function unauthorized(text: string, added: [string, string][]): HttpResult {
  const { headers, ...rest } = message(401, text);
  return { ...rest, headers: [...headers, ['x-amzn-errortype', 'UnauthorizedException'], ...added] };
}

/** A body as API Gateway itself writes it. */
export function message(status: number, text: string): HttpResult {
  const body = Buffer.from(JSON.stringify({ message: text }));
  return { status, headers: [['content-type', 'application/json']], body };
}
