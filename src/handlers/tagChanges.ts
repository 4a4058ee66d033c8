import type { Context } from 'aws-lambda';
import { assertAdministrator } from '../members/administrators';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { parseFields, readText } from '../web/fields';
import { assertFormPost } from '../web/formPost';
import { handleMemberRequest } from '../web/handleMember';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { createFormats } from '../pages/formats';
import { tagChangesLink } from '../pages/links';
import { confirmPage, tagChangesPage } from '../pages/tagChangesPage';
import { CountsTable } from '../reports/countsTable';
import { parseTag } from '../tags/tag';
import { parseOrder, TagChanges } from '../tags/tagChanges';

const client = createClient();
const tables = { counts: requireVariable('TABLE_NAME'), changes: requireVariable('CHANGES_TABLE_NAME') };
const countsTable = new CountsTable(client, tables.counts);
const changes = new TagChanges(client, tables);

/** `GET /restricted/tags?tag=` shows what an administrator may change of a tag; a `POST` asks first, then changes it. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleMemberRequest(event, context, async (request, kind, account, nowMs) => {
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
}
