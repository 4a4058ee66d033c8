import { systemClock } from '../aws/clock';
import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { respond, type Response } from '../http/response';
import { listPage } from '../pages/listPage';
import { CountsTable } from '../reports/countsTable';
import { formatTagsAsCsv, maxCsvTags } from '../reports/tagCsv';
import { cutPage, parseFormat, parseLimit, type TagPage } from '../reports/tagList';
import { scanTags } from '../reports/tagScan';
import { chooseFormats } from '../web/chooseFormats';
import { askToSignIn } from '../web/askToSignIn';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { page } from '../web/page';

const { publicList: isPublic, ...settings } = readSettings('countsTable', 'publicList', ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);
const countsTable = new CountsTable(dynamoDB, settings.countsTable);

/** Limits of an HTML page and of a JSON answer. */
const pageLimit = { standard: 50, max: 1_000 };

/**
 * `GET /counts?prefix=&limit=&after=&format=` lists tags by count. The list shows every path of a site, so it needs a
 * sign-in unless the owner made it public.
 */
export const handler = page({}, async (request, negotiated) => {
  const kind = parseFormat(request.queryParameter('format')) ?? negotiated;
  if (!isPublic && !(await sessions.find(request, systemClock.now()))) return askToSignIn(request, kind);

  const prefix = request.queryParameter('prefix') ?? '';
  const after = request.queryParameter('after');
  const bounds = kind === 'csv' ? { standard: maxCsvTags, max: maxCsvTags } : pageLimit;
  const limit = parseLimit(request.queryParameter('limit'), bounds);
  const [{ tags, isComplete }, total] = await Promise.all([
    scanTags(dynamoDB, settings.countsTable),
    countsTable.readTotal(),
  ]);
  const { base } = request;
  const found = cutPage(tags, { prefix, limit, after });
  if (kind === 'csv') return answerFile(base, found, { prefix, limit });
  return respond(kind, {
    html() {
      const formats = chooseFormats(request);
      return listPage({ base, page: found, prefix, limit, isComplete, isPublic, after, total, formats });
    },
    json: () => ({ ...found, total: total.total, ...(isComplete ? {} : { isComplete }) }),
  });
});

/** Answers with a CSV file. `Link` has the address of the next file, if there is one. */
function answerFile(
  base: string,
  found: TagPage,
  { prefix, limit }: { prefix: string; limit: number },
): Response {
  const { text, next } = formatTagsAsCsv(found);
  const headers: Record<string, string> = {
    'content-disposition': 'attachment; filename="footfall-counts.csv"',
  };
  if (next !== undefined) {
    const query = new URLSearchParams({ format: 'csv', prefix, limit: String(limit), after: next });
    headers.link = `<${base}/counts?${query.toString()}>; rel="next"`;
  }
  return { status: 200, headers, body: { kind: 'csv', text } };
}
