import type { Context } from 'aws-lambda';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleRequest } from '../http/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { countsPage } from '../pages/countsPage';
import { CountsTable } from '../visits/countsTable';
import { parseTag } from '../visits/tag';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));

/** `GET /counts/{tag}`: the tag's count and the grand total. Reading counts nothing. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const tag = parseTag(request.pathParameter('tag'));
      const [count, total] = await Promise.all([countsTable.readCount(tag), countsTable.readTotal()]);
      const counts = { tag, count, total };
      return respond(kind, { html: () => countsPage(counts), json: () => counts });
    },
  );
}
