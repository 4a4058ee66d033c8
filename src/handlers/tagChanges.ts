import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { respond, type Response } from '../http/response';
import { assertAdministrator } from '../members/administrators';
import { tagChangesLink } from '../pages/links';
import { confirmPage, tagChangesPage } from '../pages/tagChangesPage';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { parseOrder, TagChanges } from '../tags/tagChanges';
import { chooseFormats } from '../web/chooseFormats';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { parseFields, readOptionalText } from '../web/fields';
import { assertFormPost } from '../web/formPost';
import { memberPage, type MemberRequest } from '../web/memberPage';

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
export const handler = memberPage(sessions, async (member) => {
  assertAdministrator(member.account);
  return member.request.method === 'POST' ? changeTag(member) : showTag(member);
});

async function changeTag({ request, kind, account, nowMs }: MemberRequest): Promise<Response> {
  const { base } = request;
  const fields = parseFields(request);
  assertFormPost(request, fields, account.csrfToken);
  const order = parseOrder((name) => readOptionalText(fields, name));
  if (fields.get('confirmed') === 'yes') {
    await changes.carryOut(order, account.email, nowMs);
    return { status: 303, headers: { location: `${tagChangesLink(base, order.tag)}&done` } };
  }
  const { count } = await countsTable.readTag(order.tag);
  return respond(kind, {
    html: () => confirmPage({ base, account, order, count, formats: chooseFormats(request) }),
    json: () => ({ message: 'To confirm, send the same fields with confirmed=yes.', order }),
  });
}

async function showTag({ request, kind, account }: MemberRequest): Promise<Response> {
  const { base } = request;
  const tag = parseTag(request.queryParameter('tag') ?? '');
  const { count, start } = await countsTable.readTag(tag);
  const isDone = request.queryParameter('done') !== undefined;
  return respond(kind, {
    html: () => tagChangesPage({ base, account, tag, count, start, isDone, formats: chooseFormats(request) }),
    json: () => ({ tag, count, ...(start ? { start } : {}) }),
  });
}
