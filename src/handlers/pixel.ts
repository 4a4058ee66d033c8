import type { Context } from 'aws-lambda';
import { listVariable } from '../aws/environment';
import { assertOriginAllowed, originOfPage } from '../http/cors';
import { handleRequest } from '../web/handle';
import { notCountedHeaders } from '../web/notCounted';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { transparentGif } from '../pages/transparentGif';
import { openVisitCounts } from '../visits/visitCounts';
import { Visits } from '../visits/visits';

const visits = new Visits(openVisitCounts(), listVariable('ALLOWED_TAGS'));
const allowedOrigins = listVariable('ALLOWED_ORIGINS');
const gif = () => transparentGif;

/** `GET /pixel.gif?tag=` counts a visit, for places without script. Whatever happens, a page gets its picture. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'gif',
    async (request, kind) => {
      assertOriginAllowed(originOfPage(request), allowedOrigins);
      const { tag, count, notCounted } = await visits.count(
        request.queryParameter('tag') ?? '',
        request.header,
      );
      return respond(kind, { gif, json: () => ({ tag, count }) }, notCountedHeaders(notCounted));
    },
    { drawRefusal: () => ({ gif }) },
  );
}
