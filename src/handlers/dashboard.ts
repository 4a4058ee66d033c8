import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { lastDays, parseDayRange } from '../days/dayRange';
import { respond } from '../http/response';
import type { Total } from '../ledger/counter';
import type { DayVisits } from '../ledger/dayVisits';
import { totalsSettings, totalsTables, TotalsStore } from '../ledger/totalsStore';
import { isAdministrator } from '../members/administrators';
import { dashboardPage, formatFigures } from '../pages/dashboardPage';
import { liveScriptSource } from '../pages/liveFigures';
import { compareDays, daysCompared, type Comparison } from '../reports/comparison';
import { CountsTable } from '../reports/countsTable';
import { parseTopDays, TopTags } from '../reports/topTags';
import { TagChanges } from '../tags/tagChanges';
import { chooseFormats } from '../web/chooseFormats';
import { openBrowserSessions, sessionSettings, type SignedIn } from '../web/browserSessions';
import type { PageResponse } from '../web/contentSecurity';
import { memberPage, type MemberRequest } from '../web/memberPage';

const settings = readSettings('changesTable', ...totalsSettings, ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);
const tables = { ...totalsTables(settings), changes: settings.changesTable };
const countsTable = new CountsTable(dynamoDB, tables.counts);
const totalsStore = new TotalsStore(dynamoDB, tables);
const topTags = new TopTags(dynamoDB, tables, totalsStore);
const changes = new TagChanges(dynamoDB, tables);

interface Numbers {
  total: Total;
  comparison: Comparison;
  days: DayVisits[];
}

const topShown = 10;
const changesShown = 10;

/**
 * `GET /restricted?days=&top=` is the dashboard, for people who are signed in. With `?live` it answers only the numbers,
 * which an open dashboard fetches regularly.
 */
export const handler = memberPage(sessions, (member) =>
  member.request.queryParameter('live') === undefined ? answerPage(member) : answerLive(member),
);

async function answerLive({ request, nowMs }: MemberRequest): Promise<PageResponse> {
  const { from, to } = lastDays(daysCompared + 1, nowMs);
  const [total, days] = await Promise.all([countsTable.readTotal(), totalsStore.readTotalDays(from, to)]);
  const figures = formatFigures(total, compareDays(days), chooseFormats(request));
  return respond('json', { json: () => ({ figures }) });
}

async function answerPage({ request, kind, account, nowMs }: MemberRequest): Promise<PageResponse> {
  const range = parseDayRange({ days: request.queryParameter('days') }, nowMs);
  const compared = lastDays(daysCompared + 1, nowMs);
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
  const numbers = { total, comparison: compareDays(read), days: read.filter(({ day }) => day >= range.from) };
  const response = respond(kind, {
    html: () =>
      dashboardPage({
        ...{ ...numbers, base: request.base, account, top, topDays, changes: latest },
        formats: chooseFormats(request),
      }),
    json: () => ({ ...formatAccount(account), ...formatNumbers(numbers), top, changes: latest }),
  });
  return { ...response, scriptSource: liveScriptSource };
}

function formatAccount({ userId, email, name, groups }: SignedIn) {
  return { userId, email, ...(name === undefined ? {} : { name }), groups };
}

function formatNumbers({ total, comparison, days }: Numbers) {
  return { total: total.total, ...comparison, days };
}
