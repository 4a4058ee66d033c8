import type { Context } from 'aws-lambda';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleRequest } from '../http/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { homePage } from '../pages/homePage';
import { CountsTable } from '../visits/countsTable';

const countsTable = new CountsTable(createClient(), requireVariable('TABLE_NAME'));

/** `GET /`: a greeting and the table's state, as JSON, or a home page for those who ask for HTML. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'json',
    async (request, kind) => {
      const table = await countsTable.describe();
      return respond(kind, {
        html: () => homePage(request.base, table),
        json: () => ({ message: 'Hello, world!', table }),
      });
    },
  );
}
