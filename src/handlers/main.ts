import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createClient } from '../aws/dynamodb';
import { optionalVariable, requireVariable } from '../aws/environment';
import { handleRequest } from '../web/handle';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { redirect, respond, type ApiResult } from '../http/response';
import { hideSignInCookies, openSignedInBrowsers } from '../web/browserSessions';
import { createFormats } from '../pages/formats';
import { homePage } from '../pages/homePage';
import { countsLink, visitLink } from '../pages/links';
import { CountsTable, type TableDescription } from '../reports/countsTable';
import { parseTag } from '../tags/tag';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));
const browsers = openSignedInBrowsers();
// sam local does not know it and leaves it empty; there both doors have one address, so paths alone will do.
const pageEndpoint = optionalVariable('PAGE_ENDPOINT') ?? '';

/**
 * `GET /`: a greeting and the table's state, as JSON, or a home page for those who ask for HTML. The page's form sends its
 * tag here, as a form cannot put it into a path.
 */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'json',
    async (request, kind) => {
      const wanted = request.queryParameter('tag');
      if (kind === 'html' && wanted !== undefined) {
        const link = request.queryParameter('show') === 'counts' ? countsLink : visitLink;
        return redirect(link(request.base, parseTag(wanted)));
      }
      if (kind !== 'html') {
        const table = await countsTable.describe();
        return respond(kind, { json: () => greet(table) });
      }
      const [table, total, account] = await Promise.all([
        countsTable.describe(),
        countsTable.readTotal(),
        browsers.find(request, systemClock.now()),
      ]);
      const formats = createFormats(chooseLocale(request.header('accept-language')));
      const visitor = { account, cookies: hideSignInCookies(request) };
      return respond(kind, {
        html: () => homePage({ base: request.base, pageEndpoint, table, total, formats, visitor }),
        json: () => greet(table),
      });
    },
  );
}

function greet(table: TableDescription): { message: string; table: TableDescription } {
  return { message: 'Hello, world!', table };
}
