import type { Context } from 'aws-lambda';
import { parseFields } from '../web/fields';
import { assertFormPost, assertSameOrigin } from '../web/formPost';
import { handleRequest } from '../web/handle';
import type { ApiEvent } from '../http/request';
import type { ApiResult } from '../http/response';
import { openSignedInBrowsers } from '../web/browserSessions';

const browsers = openSignedInBrowsers();

/** `POST /logout` ends the browser's session, here and at Cognito. Who has none is signed out already. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request) => {
      assertSameOrigin(request);
      const csrfToken = browsers.csrfToken(request);
      if (csrfToken !== undefined) assertFormPost(request, parseFields(request), csrfToken);
      const cookie = await browsers.signOut(request);
      return { status: 303, headers: { location: `${request.base}/` }, cookies: [cookie] };
    },
    { isOursAlone: true },
  );
}
