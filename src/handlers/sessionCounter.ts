import type { Context } from 'aws-lambda';
import { parseVisitorId, visitorSessionSeconds, VisitorSessions } from '../sessions/visitorSessions';
import { systemClock } from '../aws/clock';
import { createCountingClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { formatCookie, readCookie } from '../http/cookies';
import { handleRequest } from '../web/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';

const sessions = new VisitorSessions(createCountingClient(), requireVariable('SESSIONS_TABLE_NAME'));
const cookieStem = 'footfall-visitor';

/** `GET /session` counts a visit of the browser's session, and begins one for a browser that has none. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'text',
    async (request, kind) => {
      const claimed = parseVisitorId(readCookie(request, cookieStem));
      const { id, counter, isNew } = await sessions.countVisit(claimed, systemClock.now());
      const response = respond(kind, {
        text: () => `session-id: ${id}, counter: ${counter}`,
        json: () => ({ 'session-id': id, counter }),
      });
      const cookies = isNew ? [formatCookie(request, cookieStem, id, visitorSessionSeconds)] : [];
      return { ...response, cookies };
    },
  );
}
