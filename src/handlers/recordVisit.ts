import type { Context } from 'aws-lambda';
import { listVariable } from '../aws/environment';
import { assertOriginAllowed } from '../http/cors';
import { handleRequest } from '../web/handle';
import { notCountedHeaders } from '../web/notCounted';
import type { ApiEvent, Request } from '../http/request';
import { respond, type ApiResult, type Kind } from '../http/response';
import { visitPage } from '../pages/visitPage';
import { openVisitCounts } from '../visits/visitCounts';
import { Visits } from '../visits/visits';

const visitCounts = openVisitCounts();
const visits = new Visits(visitCounts, listVariable('ALLOWED_TAGS'));
const allowedOrigins = listVariable('ALLOWED_ORIGINS');

/** `GET /tags/{tag}` counts a visit and shows the count; `POST /visits?tag=`, the beacon, only counts. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(event, context, preferredKind, async (request, kind) => {
    const beacon = isBeacon(request);
    if (beacon) assertOriginAllowed(request.header('origin'), allowedOrigins);
    const text = beacon ? (request.queryParameter('tag') ?? '') : request.pathParameter('tag');
    const visit = await visits.count(text, request.header);
    const { tag, notCounted } = visit;
    const headers = notCountedHeaders(notCounted);
    if (beacon) return { status: 204, headers };

    const count = visit.count ?? (await visitCounts.readCount(tag));
    return respond(
      kind,
      {
        html: () => visitPage(request.base, { tag, count, notCounted }),
        json: () => ({ tag, count }),
      },
      headers,
    );
  });
}

function isBeacon(request: Request): boolean {
  return request.method === 'POST';
}

function preferredKind(request: Request): Kind {
  return isBeacon(request) ? 'json' : 'html';
}
