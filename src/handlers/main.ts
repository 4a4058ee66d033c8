import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleRequest } from '../http/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { hideSignInCookies, openSignedInBrowsers } from '../http/signedIn';
import { homePage } from '../pages/homePage';
import { CountsTable } from '../visits/countsTable';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));
const browsers = openSignedInBrowsers();

/** `GET /`: a greeting and the table's state, as JSON, or a home page for those who ask for HTML. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'json',
    async (request, kind) => {
      const [table, account] = await Promise.all([
        countsTable.describe(),
        kind === 'html' ? browsers.find(request, systemClock.now()) : undefined,
      ]);
      return respond(kind, {
        html: () => homePage(request.base, table, { account, cookies: hideSignInCookies(request) }),
        json: () => ({ message: 'Hello, world!', table }),
      });
    },
  );
}
