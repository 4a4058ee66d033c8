import { systemClock } from '../aws/clock';
import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { redirect, respond } from '../http/response';
import { homePage } from '../pages/homePage';
import { countsLink, visitLink } from '../pages/links';
import { CountsTable, type TableDescription } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { chooseFormats } from '../web/chooseFormats';
import { hideSignInCookies, openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { page } from '../web/page';

const settings = readSettings('countsTable', 'beaconEndpoint', ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const countsTable = new CountsTable(dynamoDB, settings.countsTable);
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);

/**
 * `GET /` answers a greeting and the table's state as JSON, or the home page as HTML. The form submits its tag here,
 * because a form cannot put a field into a path. The answer redirects to the tag's page.
 */
export const handler = page({ prefers: 'json' }, async (request, kind) => {
  const { base } = request;
  const tag = request.queryParameter('tag');
  if (kind === 'html' && tag !== undefined) {
    const link = request.queryParameter('show') === 'counts' ? countsLink : visitLink;
    return redirect(link(base, parseTag(tag)));
  }
  if (kind !== 'html') {
    const table = await countsTable.describe();
    return respond(kind, { json: () => greet(table) });
  }
  const [table, total, account] = await Promise.all([
    countsTable.describe(),
    countsTable.readTotal(),
    sessions.find(request, systemClock.now()),
  ]);
  const formats = chooseFormats(request);
  const session = { account, cookies: hideSignInCookies(request) };
  const { beaconEndpoint } = settings;
  return respond(kind, {
    html: () => homePage({ base, beaconEndpoint, table, total, formats, session }),
    json: () => greet(table),
  });
});

function greet(table: TableDescription): { message: string; table: TableDescription } {
  return { message: 'Hello, world!', table };
}
