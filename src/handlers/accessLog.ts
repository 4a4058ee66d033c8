import { systemClock } from '../aws/clock';
import { createDynamoDBClient, createWriteOnceClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { respond } from '../http/response';
import { AccessLog } from '../sessions/accessLog';
import { page } from '../web/page';

const settings = readSettings('accessLogTable', 'accessLogKeep');
const repeating = createDynamoDBClient();
const accessLog = new AccessLog(
  { repeating, writeOnce: createWriteOnceClient(repeating) },
  settings.accessLogTable,
  settings.accessLogKeep,
);

/** `GET /hello` records the call, lists the latest calls, and deletes older ones. */
export const handler = page({ prefers: 'json' }, async () => {
  const recorded = await accessLog.record(systemClock.now());
  const newestFirst = await accessLog.listNewest(recorded);
  return respond('json', { json: () => ({ AccessDatetime: newestFirst.map((dt) => ({ dt })) }) });
});
