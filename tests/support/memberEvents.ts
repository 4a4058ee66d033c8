import type { APIGatewayProxyEvent } from 'aws-lambda';
import { readEvent } from './events';

/** A call to the members API as a REST API passes it on after its authorizer. */
export interface MemberCall {
  method?: string;
  /** Percent-encoded; without it, the call is for the list. */
  userId?: string;
  query?: Record<string, string>;
  /** Text, or a value to serialize as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  /** Changes to an administrator's claims; null for a call without an authorizer. */
  claims?: Record<string, string> | null;
}

/** The administrator of events/users.json. */
export const adminId = (readEvent('users.json').requestContext.authorizer?.claims as { sub: string }).sub;

/** Claims of a member who is not an administrator. */
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
