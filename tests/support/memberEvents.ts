import type { APIGatewayProxyEvent } from 'aws-lambda';
import { readEvent } from './events';

/** A call of the members as a REST API hands it on after its authorizer. */
export interface MemberCall {
  method?: string;
  /** Percent-encoded; left out: the list. */
  userId?: string;
  query?: Record<string, string>;
  /** As text, or what JSON is made of. */
  body?: unknown;
  headers?: Record<string, string>;
  /** What is other than in an administrator's claims, or nothing where no authorizer was. */
  claims?: Record<string, string> | null;
}

/** The administrator of events/users.json. */
export const adminId = (readEvent('users.json').requestContext.authorizer?.claims as { sub: string }).sub;

/** Claims of a member who is no administrator. */
export function memberClaims(sub: string): Record<string, string> {
  return { sub, 'cognito:groups': '' };
}

export function memberEvent({
  method = 'GET',
  userId,
  query,
  body,
  headers = {},
  claims = {},
}: MemberCall): APIGatewayProxyEvent {
  const sample = readEvent('users.json');
  const { authorizer } = sample.requestContext;
  const resource = userId === undefined ? '/users' : '/users/{user_id}';
  const path = userId === undefined ? '/users' : `/users/${userId}`;
  return {
    ...sample,
    resource,
    path,
    httpMethod: method,
    headers: { ...sample.headers, ...headers },
    pathParameters: userId === undefined ? null : { user_id: userId },
    queryStringParameters: query ?? null,
    body: body === undefined || typeof body === 'string' ? (body ?? null) : JSON.stringify(body),
    requestContext: {
      ...sample.requestContext,
      httpMethod: method,
      resourcePath: resource,
      path: `/Prod${path}`,
      authorizer: claims && { claims: { ...(authorizer?.claims as object), ...claims } },
    },
  };
}
