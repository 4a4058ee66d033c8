import type { Context } from 'aws-lambda';
import { allowCaching } from '../http/caching';
import { handleRequest } from '../web/handle';
import type { ApiEvent } from '../http/request';
import type { ApiResult } from '../http/response';
import { snippet, snippetVersion } from '../snippet/snippet';

const forGood = 'public, max-age=31536000, immutable';
const forAnHour = 'public, max-age=3600';

/** `GET /footfall.js`, the script that counts the views of the page it is in. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'script',
    (request) => {
      const cacheControl = request.queryParameter('v') === snippetVersion ? forGood : forAnHour;
      const response = {
        status: 200,
        headers: { vary: 'Origin' },
        body: { kind: 'script', text: snippet },
      } as const;
      return Promise.resolve(allowCaching(request, response, cacheControl));
    },
  );
}
