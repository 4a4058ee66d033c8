import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { allowCaching } from '../http/caching';
import type { Request } from '../http/request';
import { respond, type Contents } from '../http/response';
import { drawBadge } from '../pages/badge';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { defaultLook, parseBadgeLook } from '../web/badgeParameters';
import type { Refusal } from '../web/errors';
import { page } from '../web/page';

const settings = readSettings('countsTable');
const countsTable = new CountsTable(createDynamoDBClient(), settings.countsTable);

/** shields.io caches a badge for at least five minutes. */
const shieldsCacheSeconds = 300;

/**
 * `GET /badge.svg?tag=` draws a tag's count, or the grand total without a tag. `/badge.json` is for shields.io, which
 * draws the badge itself: https://shields.io/badges/endpoint-badge
 */
export const handler = page(
  { prefers: ({ route }) => (route === '/badge.json' ? 'json' : 'svg'), drawRefusal },
  async (request, kind) => {
    const { formatCount, ...look } = parseBadgeLook(request);
    const message = formatCount(await readNumber(request));
    const response = respond(kind, {
      svg: () => drawBadge({ ...look, message }),
      json: () => ({ schemaVersion: 1, ...look, message, cacheSeconds: shieldsCacheSeconds }),
    });
    return allowCaching(request, response, 'public, max-age=60');
  },
);

/** A badge shows one number, so it includes the starting count. It is cached for a minute, so a cheap read suffices. */
async function readNumber(request: Request): Promise<number> {
  const text = request.queryParameter('tag');
  if (text === undefined) return (await countsTable.readTotal('recent')).total;
  const { count, start } = await countsTable.readTag(parseTag(text), 'recent');
  return count + (start?.visits ?? 0);
}

/** Pages show only the picture of a badge, so errors are drawn into it. */
function drawRefusal({ status, message }: Refusal): Partial<Contents> {
  const color = status < 500 ? 'e05d44' : '9f9f9f';
  return { svg: () => drawBadge({ ...defaultLook, label: 'footfall', color, message }) };
}
