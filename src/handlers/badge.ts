import type { Context } from 'aws-lambda';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { defaultLook, parseBadgeLook } from '../web/badgeParameters';
import { allowCaching } from '../http/caching';
import type { Refusal } from '../web/errors';
import { handleRequest } from '../web/handle';
import type { ApiEvent, Request } from '../http/request';
import { respond, type ApiResult, type Contents } from '../http/response';
import { drawBadge } from '../pages/badge';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));

/** shields.io asks no badge again before five minutes have passed. */
const shieldsCacheSeconds = 300;

/** `GET /badge.svg?tag=` draws a tag's count, or the grand total without a tag; `/badge.json` has shields.io draw it. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    ({ route }) => (route === '/badge.json' ? 'json' : 'svg'),
    async (request, kind) => {
      const { formatCount, ...look } = parseBadgeLook(request);
      const message = formatCount(await readNumber(request));
      const response = respond(kind, {
        svg: () => drawBadge({ ...look, message }),
        // https://shields.io/badges/endpoint-badge
        json: () => ({ schemaVersion: 1, ...look, message, cacheSeconds: shieldsCacheSeconds }),
      });
      return allowCaching(request, response, 'public, max-age=60');
    },
    { drawRefusal },
  );
}

/**
 * A badge has room for one number, and a page that was counted elsewhere before goes on from there. It may be a minute
 * old, so it is not worth the price of the latest count.
 */
async function readNumber(request: Request): Promise<number> {
  const text = request.queryParameter('tag');
  if (text === undefined) return (await countsTable.readTotal('recent')).total;
  const { count, start } = await countsTable.readTag(parseTag(text), 'recent');
  return count + (start?.visits ?? 0);
}

/** Pages show nothing but the picture, so that has to say what is wrong. */
function drawRefusal({ status, message }: Refusal): Partial<Contents> {
  const color = status < 500 ? 'e05d44' : '9f9f9f';
  return { svg: () => drawBadge({ ...defaultLook, label: 'footfall', color, message }) };
}
