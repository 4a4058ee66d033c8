import type { Context } from 'aws-lambda';
import { AccessLog } from '../sessions/accessLog';
import { systemClock } from '../aws/clock';
import { createClient, createCountingClient } from '../aws/dynamodb';
import { integerVariable, requireVariable } from '../aws/environment';
import { handleRequest } from '../web/handle';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';

const accessLog = new AccessLog(
  { counting: createCountingClient(), repeating: createClient() },
  requireVariable('ACCESS_LOG_TABLE_NAME'),
  integerVariable('ACCESS_LOG_KEEP'),
);

/** `GET /hello` writes that it was called, answers when it was called lately, and forgets what is older. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'json',
    async () => {
      const recorded = await accessLog.record(systemClock.now());
      const newestFirst = await accessLog.listNewest(recorded);
      return respond('json', { json: () => ({ AccessDatetime: newestFirst.map((dt) => ({ dt })) }) });
    },
  );
}
