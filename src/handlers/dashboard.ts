import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { askToSignIn } from '../http/askToSignIn';
import { handleRequest } from '../http/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { openSignedInBrowsers } from '../http/signedIn';
import { dashboardPage } from '../pages/dashboardPage';

const browsers = openSignedInBrowsers();

/** `GET /restricted` is for those who are signed in; others are asked to, and come back. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const account = await browsers.find(request, systemClock.now());
      if (!account) return askToSignIn(request, kind, '/restricted');
      const { userId, email, name, groups } = account;
      return respond(kind, {
        html: () => dashboardPage(request.base, account),
        json: () => ({ userId, email, ...(name === undefined ? {} : { name }), groups }),
      });
    },
  );
}
