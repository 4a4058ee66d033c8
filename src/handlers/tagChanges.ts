import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { chooseLocale } from '../http/locale';
import { respond } from '../http/response';
import { assertAdministrator } from '../members/administrators';
import { createFormats } from '../pages/formats';
import { tagChangesLink } from '../pages/links';
import { confirmPage, tagChangesPage } from '../pages/tagChangesPage';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { parseOrder, TagChanges } from '../tags/tagChanges';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { parseFields, readText } from '../web/fields';
import { assertFormPost } from '../web/formPost';
import { memberPage } from '../web/memberPage';

const settings = readSettings('countsTable', 'changesTable', ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);
const tables = { counts: settings.countsTable, changes: settings.changesTable };
const countsTable = new CountsTable(dynamoDB, tables.counts);
const changes = new TagChanges(dynamoDB, tables);

/**
 * `GET /restricted/tags?tag=` shows an administrator a tag and its possible changes. The first `POST` of a change asks for
 * confirmation; the second makes the change.
 */
export const handler = memberPage(sessions, async ({ request, kind, account, nowMs }) => {
  assertAdministrator(account);
  const { base } = request;
  const formats = createFormats(chooseLocale(request.header('accept-language')));

  if (request.method === 'POST') {
    const fields = parseFields(request);
    assertFormPost(request, fields, account.csrfToken);
    const order = parseOrder((name) => readText(fields, name));
    if (fields.get('confirmed') !== 'yes') {
      const { count } = await countsTable.readTag(order.tag);
      return respond(kind, {
        html: () => confirmPage({ base, account, order, count, formats }),
        json: () => ({ message: 'Send it again with confirmed=yes.', order }),
      });
    }
    await changes.carryOut(order, account.email, nowMs);
    return { status: 303, headers: { location: `${tagChangesLink(base, order.tag)}&done` } };
  }

  const tag = parseTag(request.queryParameter('tag') ?? '');
  const { count, start } = await countsTable.readTag(tag);
  const isDone = request.queryParameter('done') !== undefined;
  return respond(kind, {
    html: () => tagChangesPage({ base, account, tag, count, start, isDone, formats }),
    json: () => ({ tag, count, ...(start ? { start } : {}) }),
  });
});
