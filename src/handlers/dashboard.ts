import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { lastDays, parseDayRange } from '../days/dayRange';
import { chooseLocale } from '../http/locale';
import { respond } from '../http/response';
import { TotalsStore } from '../ledger/totalsStore';
import { isAdministrator } from '../members/administrators';
import { dashboardPage, formatFigures } from '../pages/dashboardPage';
import { createFormats } from '../pages/formats';
import { liveScriptSource } from '../pages/liveFigures';
import { compareDays, daysCompared } from '../reports/comparison';
import { CountsTable } from '../reports/countsTable';
import { parseTopDays, TopTags } from '../reports/topTags';
import { TagChanges } from '../tags/tagChanges';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { memberPage } from '../web/memberPage';

const settings = readSettings('countsTable', 'totalsTable', 'daysTable', 'changesTable', ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);
const tables = {
  counts: settings.countsTable,
  totals: settings.totalsTable,
  days: settings.daysTable,
  changes: settings.changesTable,
};
const countsTable = new CountsTable(dynamoDB, tables.counts);
const totalsStore = new TotalsStore(dynamoDB, tables);
const topTags = new TopTags(dynamoDB, tables, totalsStore);
const changes = new TagChanges(dynamoDB, tables);

const topShown = 10;
const changesShown = 10;

/**
 * `GET /restricted?days=&top=` is the dashboard, for people who are signed in. With `?live` it answers only the numbers,
 * which an open dashboard asks for.
 */
export const handler = memberPage(sessions, async ({ request, kind, account, nowMs }) => {
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
  // One read serves the chart and the comparison, which may reach further back.
  const first = range.from < compared.from ? range.from : compared.from;
  const [total, read, top, latest] = await Promise.all([
    countsTable.readTotal(),
    totalsStore.readTotalDays(first, range.to),
    topTags.find(lastDays(topDays, nowMs), topShown),
    // The changes name administrators by their email addresses, which other members must not see.
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
