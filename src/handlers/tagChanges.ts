import type { Context } from 'aws-lambda';
import { assertAdministrator } from '../accounts/administrators';
import { systemClock } from '../aws/clock';
import { createClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { askToSignIn } from '../http/askToSignIn';
import { parseFields, readText } from '../http/body';
import { assertFormPost } from '../http/formPost';
import { handleRequest } from '../http/handle';
import { chooseLocale } from '../http/locale';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { openSignedInBrowsers } from '../http/signedIn';
import { createFormats } from '../pages/formats';
import { tagChangesLink } from '../pages/links';
import { confirmPage, tagChangesPage } from '../pages/tagChangesPage';
import { CountsTable } from '../visits/countsTable';
import { parseTag } from '../visits/tag';
import { parseOrder, TagChanges } from '../visits/tagChanges';

const browsers = openSignedInBrowsers();
const client = createClient();
const tables = { counts: requireVariable('TABLE_NAME'), changes: requireVariable('CHANGES_TABLE_NAME') };
const countsTable = new CountsTable(client, tables.counts);
const changes = new TagChanges(client, tables);

/** `GET /restricted/tags?tag=` shows what an administrator may change of a tag; a `POST` asks first, then changes it. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const nowMs = systemClock.now();
      const isPost = request.method === 'POST';
      const account = await browsers.find(request, nowMs);
      // A form's tag is not in its address, and this page is none without a tag.
      if (!account) return askToSignIn(request, kind, isPost ? '/restricted' : '/restricted/tags');
      assertAdministrator(account);
      const { base } = request;
      const formats = createFormats(chooseLocale(request.header('accept-language')));

      if (isPost) {
        const fields = parseFields(request);
        assertFormPost(request, fields, account.csrfToken);
        const order = parseOrder((name) => readText(fields, name));
        if (fields.get('confirmed') !== 'yes') {
          return respond(kind, {
            html: () => confirmPage({ base, account, order, formats }),
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
    },
    { isOursAlone: true },
  );
}
