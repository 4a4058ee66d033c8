import { readSettings } from '../aws/environment';
import { assertOriginAllowed } from '../http/cors';
import type { Request } from '../http/request';
import { respond } from '../http/response';
import { visitPage } from '../pages/visitPage';
import { openVisitCounts } from '../visits/visitCounts';
import { Visits } from '../visits/visits';
import { readLinkVisit, readReportedVisit } from '../web/incomingVisit';
import { notCountedHeaders } from '../web/notCounted';
import { page } from '../web/page';

const { countsTable, allowedTags, allowedOrigins } = readSettings(
  'countsTable',
  'allowedTags',
  'allowedOrigins',
);
const visitCounts = openVisitCounts(countsTable);
const visits = new Visits(visitCounts, allowedTags);

/** `GET /tags/{tag}` counts a visit and shows the count. `POST /visits?tag=`, the beacon, only counts. */
export const handler = page(
  { prefers: (request) => (isBeacon(request) ? 'json' : 'html') },
  async (request, kind) => {
    if (isBeacon(request)) {
      assertOriginAllowed(request.header('origin'), allowedOrigins);
      const outcome = await visits.count(readReportedVisit(request));
      return { status: 204, headers: notCountedHeaders(outcome) };
    }
    const outcome = await visits.count(readLinkVisit(request));
    const { tag } = outcome;
    const notCounted = outcome.kind === 'notCounted' ? outcome.reason : undefined;
    const count = outcome.kind === 'counted' ? outcome.count : await visitCounts.readCount(tag);
    return respond(
      kind,
      {
        html: () => visitPage(request.base, { tag, count, notCounted }),
        json: () => ({ tag, count }),
      },
      notCountedHeaders(outcome),
    );
  },
);

function isBeacon({ method }: Request): boolean {
  return method === 'POST';
}
