import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createClient } from '../aws/dynamodb';
import { optionalVariable, requireVariable } from '../aws/environment';
import { handleRequest } from '../web/handle';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { countsPage } from '../pages/countsPage';
import { createFormats } from '../pages/formats';
import { dayOf } from '../ledger/reading';
import type { Total } from '../ledger/counter';
import { openTotalsStore } from '../ledger/totalsStore';
import { CountsTable } from '../reports/countsTable';
import { parseDayRange } from '../days/dayRange';
import { parseTag } from '../tags/tag';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));
const totalsStore = openTotalsStore();
// sam local does not know it and leaves it empty; there both doors have one address, so paths alone will do.
const pageEndpoint = optionalVariable('PAGE_ENDPOINT') ?? '';

/** `GET /counts/{tag}?from=&to=&days=`: the tag's count, its days and the grand total. Reading counts nothing. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const tag = parseTag(request.pathParameter('tag'));
      const [from, to] = [request.queryParameter('from'), request.queryParameter('to')];
      const nowMs = systemClock.now();
      const range = parseDayRange(from, to, nowMs, request.queryParameter('days'));
      const [{ count, start }, total, days] = await Promise.all([
        countsTable.readTag(tag),
        countsTable.readTotal(),
        totalsStore.readDays(tag, range.from, range.to),
      ]);
      const response = respond(kind, {
        html() {
          const formats = createFormats(chooseLocale(request.header('accept-language')));
          const { base } = request;
          return countsPage({
            base,
            pageEndpoint,
            tag,
            count,
            start,
            total,
            days,
            today: dayOf(nowMs),
            formats,
          });
        },
        json: () => ({ tag, count, ...(start ? { start } : {}), ...formatTotal(total), days }),
      });
      return { ...response, imageOrigin: pageEndpoint };
    },
  );
}

/** That the total is being rebuilt is said only while it is. */
function formatTotal({ total, rebuilding }: Total): { total: number; rebuilding?: true } {
  return rebuilding ? { total, rebuilding } : { total };
}
