import type { Context } from 'aws-lambda';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleRequest } from '../http/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { countsPage } from '../pages/countsPage';
import { openTotalsStore } from '../totals/totalsStore';
import { CountsTable } from '../visits/countsTable';
import { parseDayRange } from '../visits/dayRange';
import { parseTag } from '../visits/tag';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));
const totalsStore = openTotalsStore();

/** `GET /counts/{tag}?from=&to=`: the tag's count, its days and the grand total. Reading counts nothing. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const tag = parseTag(request.pathParameter('tag'));
      const [from, to] = [request.queryParameter('from'), request.queryParameter('to')];
      const range = parseDayRange(from, to, Date.now());
      const [count, { total, rebuilding }, days] = await Promise.all([
        countsTable.readCount(tag),
        countsTable.readTotal(),
        totalsStore.readDays(tag, range.from, range.to),
      ]);
      const counts = { tag, count, total, ...(rebuilding ? { rebuilding } : {}), days };
      return respond(kind, { html: () => countsPage(counts), json: () => counts });
    },
  );
}
