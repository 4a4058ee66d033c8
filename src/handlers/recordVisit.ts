import type { Context } from 'aws-lambda';
import { listVariable } from '../aws/environment';
import { assertOriginAllowed } from '../http/cors';
import { handleRequest } from '../http/handle';
import type { ApiEvent, Request } from '../http/request';
import { respond, type ApiResult, type Kind } from '../http/response';
import { visitPage } from '../pages/visitPage';
import { reasonNotToCount } from '../visits/countable';
import { assertTagAllowed, parseTag } from '../visits/tag';
import { openVisitCounts } from '../visits/visitCounts';

const visitCounts = openVisitCounts();
const allowedTags = listVariable('ALLOWED_TAGS');
const allowedOrigins = listVariable('ALLOWED_ORIGINS');

/** `GET /tags/{tag}` counts a visit and shows the count; `POST /visits?tag=`, the beacon, only counts. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(event, context, preferredKind, async (request, kind) => {
    const beacon = isBeacon(request);
    if (beacon) assertOriginAllowed(request.header('origin'), allowedOrigins);
    const tag = readTag(request, beacon);

    const notCounted = reasonNotToCount(request.header);
    const headers: Record<string, string> = notCounted ? { 'footfall-not-counted': notCounted } : {};
    if (beacon) {
      if (!notCounted) await visitCounts.recordVisit(tag);
      return { status: 204, headers };
    }

    const count = notCounted ? await visitCounts.readCount(tag) : await visitCounts.recordVisit(tag);
    return respond(
      kind,
      { html: () => visitPage(request.base, { tag, count, notCounted }), json: () => ({ tag, count }) },
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

function readTag(request: Request, beacon: boolean): string {
  const tag = parseTag(beacon ? (request.queryParameter('tag') ?? '') : request.pathParameter('tag'));
  assertTagAllowed(tag, allowedTags);
  return tag;
}
