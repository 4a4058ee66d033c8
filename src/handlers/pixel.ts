import { readSettings } from '../aws/environment';
import { assertOriginAllowed, originOfPage } from '../http/cors';
import { respond } from '../http/response';
import { transparentGif } from '../pages/transparentGif';
import { openVisitCounts } from '../visits/visitCounts';
import { Visits } from '../visits/visits';
import { readReportedVisit } from '../web/incomingVisit';
import { notCountedHeaders } from '../web/notCounted';
import { page } from '../web/page';

const { countsTable, allowedTags, allowedOrigins } = readSettings(
  'countsTable',
  'allowedTags',
  'allowedOrigins',
);
const visits = new Visits(openVisitCounts(countsTable), allowedTags);
const gif = () => transparentGif;

/** `GET /pixel.gif?tag=` counts a visit where no script runs. The answer is always the picture, even for an error. */
export const handler = page({ prefers: 'gif', drawRefusal: () => ({ gif }) }, async (request, kind) => {
  assertOriginAllowed(originOfPage(request), allowedOrigins);
  const outcome = await visits.count(readReportedVisit(request));
  const { tag } = outcome;
  const count = outcome.kind === 'counted' ? outcome.count : undefined;
  return respond(kind, { gif, json: () => ({ tag, count }) }, notCountedHeaders(outcome));
});
