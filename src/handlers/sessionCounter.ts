import { systemClock } from '../aws/clock';
import { createDynamoDBClient, createWriteOnceClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { formatCookie, readCookie } from '../http/cookies';
import { respond } from '../http/response';
import { parseVisitorId, visitorSessionSeconds, VisitorSessions } from '../sessions/visitorSessions';
import { page } from '../web/page';

const { sessionsTable } = readSettings('sessionsTable');
const sessions = new VisitorSessions(createWriteOnceClient(createDynamoDBClient()), sessionsTable);
const visitorCookie = 'footfall-visitor';

/** `GET /session` counts a visit of the browser's session. A browser without a session gets a new one. */
export const handler = page({ prefers: 'text' }, async (request, kind) => {
  const claimed = parseVisitorId(readCookie(request, visitorCookie));
  const { id, counter, isNew } = await sessions.countVisit(claimed, systemClock.now());
  const response = respond(kind, {
    text: () => `session-id: ${id}, counter: ${counter}`,
    json: () => ({ 'session-id': id, counter }),
  });
  const cookies = isNew ? [formatCookie(request, visitorCookie, id, visitorSessionSeconds)] : [];
  return { ...response, cookies };
});
