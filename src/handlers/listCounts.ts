import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { askToSignIn } from '../web/askToSignIn';
import { handleRequest } from '../web/handle';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult, type Response } from '../http/response';
import { openSignedInBrowsers } from '../web/browserSessions';
import { createFormats } from '../pages/formats';
import { listPage } from '../pages/listPage';
import { formatTagsAsCsv, maxCsvTags } from '../reports/tagCsv';
import { CountsTable } from '../reports/countsTable';
import { cutPage, parseFormat, parseLimit, type TagPage } from '../reports/tagList';
import { scanTags } from '../reports/tagScan';

const [client, tableName] = [createClient(), requireVariable('TABLE_NAME')];
const countsTable = new CountsTable(client, tableName);
const isPublic = requireVariable('PUBLIC_LIST') === 'true';
const browsers = openSignedInBrowsers();

/** Tags of a page, and of an answer in JSON. */
const pageLimit = { standard: 50, max: 1_000 };

/** `GET /counts?prefix=&limit=&after=&format=`: tags by count. It shows every path of a site, so it may ask for a sign-in. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, negotiated) => {
      const kind = parseFormat(request.queryParameter('format')) ?? negotiated;
      if (!isPublic && !(await browsers.find(request, systemClock.now()))) return askToSignIn(request, kind);

      const prefix = request.queryParameter('prefix') ?? '';
      const after = request.queryParameter('after');
      const bounds = kind === 'csv' ? { standard: maxCsvTags, max: maxCsvTags } : pageLimit;
      const limit = parseLimit(request.queryParameter('limit'), bounds);
      const [{ tags, isComplete }, total] = await Promise.all([
        scanTags(client, tableName),
        countsTable.readTotal(),
      ]);
      const page = cutPage(tags, { prefix, limit, after });
      if (kind === 'csv') return answerFile(request.base, page, { prefix, limit });
      return respond(kind, {
        html() {
          const formats = createFormats(chooseLocale(request.header('accept-language')));
          return listPage({
            base: request.base,
            page,
            prefix,
            limit,
            isComplete,
            isPublic,
            after,
            total,
            formats,
          });
        },
        json: () => ({ ...page, total: total.total, ...(isComplete ? {} : { isComplete }) }),
      });
    },
  );
}

/** The tags as a file; where it is not the last, `Link` tells the next. */
function answerFile(
  base: string,
  page: TagPage,
  { prefix, limit }: { prefix: string; limit: number },
): Response {
  const { text, next } = formatTagsAsCsv(page);
  const headers: Record<string, string> = {
    'content-disposition': 'attachment; filename="footfall-counts.csv"',
  };
  if (next !== undefined) {
    const query = new URLSearchParams({ format: 'csv', prefix, limit: String(limit), after: next });
    headers.link = `<${base}/counts?${query.toString()}>; rel="next"`;
  }
  return { status: 200, headers, body: { kind: 'csv', text } };
}
