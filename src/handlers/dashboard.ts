import type { Context } from 'aws-lambda';
import { isAdministrator } from '../members/administrators';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleMemberRequest } from '../web/handleMember';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { dashboardPage, formatFigures } from '../pages/dashboardPage';
import { createFormats } from '../pages/formats';
import { liveScriptSource } from '../pages/liveFigures';
import { compareDays, daysCompared } from '../reports/comparison';
import { parseTopDays, TopTags } from '../reports/topTags';
import { openTotalsStore, tablesOfEnvironment } from '../ledger/totalsStore';
import { CountsTable } from '../reports/countsTable';
import { lastDays, parseDayRange } from '../days/dayRange';
import { TagChanges } from '../tags/tagChanges';

const client = createClient();
const tables = tablesOfEnvironment();
const countsTable = new CountsTable(client, tables.counts);
const totalsStore = openTotalsStore();
const topTags = new TopTags(client, tables, totalsStore);
const changes = new TagChanges(client, { ...tables, changes: requireVariable('CHANGES_TABLE_NAME') });

const topShown = 10;
const changesShown = 10;

/**
 * `GET /restricted?days=&top=` is for those who are signed in; others are asked to, and come back. With `?live` it answers
 * the numbers alone, for a page that is open.
 */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleMemberRequest(event, context, async (request, kind, account, nowMs) => {
    const formats = createFormats(chooseLocale(request.header('accept-language')));
    const compared = lastDays(daysCompared + 1, nowMs);
    if (request.queryParameter('live') !== undefined) {
      const [total, days] = await Promise.all([
        countsTable.readTotal(),
        totalsStore.readTotalDays(compared.from, compared.to),
      ]);
      const comparison = compareDays(days);
      return respond('json', { json: () => ({ figures: formatFigures(total, comparison, formats) }) });
    }

    const range = parseDayRange(undefined, undefined, nowMs, request.queryParameter('days'));
    const topDays = parseTopDays(request.queryParameter('top'));
    // Read once for both: what is compared may reach further back than what is drawn.
    const first = range.from < compared.from ? range.from : compared.from;
    const [total, read, top, latest] = await Promise.all([
      countsTable.readTotal(),
      totalsStore.readTotalDays(first, range.to),
      topTags.find(lastDays(topDays, nowMs), topShown),
      // It names administrators by their addresses, which members have no business with.
      isAdministrator(account) ? changes.listLatest(changesShown) : undefined,
    ]);
    const comparison = compareDays(read);
    const days = read.filter(({ day }) => day >= range.from);
    const { base } = request;
    const { userId, email, name, groups } = account;
    const response = respond(kind, {
      html: () =>
        dashboardPage({ base, account, total, comparison, days, top, topDays, changes: latest, formats }),
      json: () => ({
        ...{ userId, email, ...(name === undefined ? {} : { name }), groups },
        ...{ total: total.total, ...comparison, days, top, changes: latest },
      }),
    });
    return { ...response, scriptSource: liveScriptSource };
  });
}
