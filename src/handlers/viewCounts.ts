import { systemClock } from '../aws/clock';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { dayOf } from '../days/day';
import { parseDayRange } from '../days/dayRange';
import { respond } from '../http/response';
import type { Total } from '../ledger/counter';
import { totalsSettings, totalsTables, TotalsStore } from '../ledger/totalsStore';
import { countsPage } from '../pages/countsPage';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { chooseFormats } from '../web/chooseFormats';
import { page } from '../web/page';

const settings = readSettings('beaconEndpoint', ...totalsSettings);
const dynamoDB = createDynamoDBClient();
const countsTable = new CountsTable(dynamoDB, settings.countsTable);
const totalsStore = new TotalsStore(dynamoDB, totalsTables(settings));
const { beaconEndpoint } = settings;

/** `GET /counts/{tag}?from=&to=&days=` shows the tag's count, its days and the grand total. It does not count a visit. */
export const handler = page({}, async (request, kind) => {
  const { base, queryParameter } = request;
  const tag = parseTag(request.pathParameter('tag'));
  const nowMs = systemClock.now();
  const [from, to] = [queryParameter('from'), queryParameter('to')];
  const range = parseDayRange({ from, to, days: queryParameter('days') }, nowMs);
  const [{ count, start }, total, days] = await Promise.all([
    countsTable.readTag(tag),
    countsTable.readTotal(),
    totalsStore.readDays(tag, range.from, range.to),
  ]);
  const response = respond(kind, {
    html() {
      const formats = chooseFormats(request);
      const today = dayOf(nowMs);
      return countsPage({ base, beaconEndpoint, tag, count, start, total, days, today, formats });
    },
    json: () => ({ tag, count, ...(start ? { start } : {}), ...formatTotal(total), days }),
  });
  return { ...response, imageOrigin: beaconEndpoint };
});

/** Adds `rebuilding` only while the total is being rebuilt. */
function formatTotal({ total, rebuilding }: Total): { total: number; rebuilding?: true } {
  return rebuilding ? { total, rebuilding } : { total };
}
