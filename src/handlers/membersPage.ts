import type { Context } from 'aws-lambda';
import { isAdministrator } from '../members/administrators';
import { Members } from '../members/members';
import { MembersTable } from '../members/membersTable';
import { createClient, createCountingClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { handleMemberRequest } from '../web/handleMember';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';
import { membersPage } from '../pages/membersPage';

const members = new Members(
  new MembersTable(createClient(), createCountingClient(), requireVariable('USERS_TABLE_NAME')),
);

/** `GET /restricted/members?after=` shows administrators all members, and everyone else their own record. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleMemberRequest(event, context, async (request, kind, account) => {
    const caller = { userId: account.userId, isAdmin: isAdministrator(account) };
    const page = caller.isAdmin
      ? await members.list(caller, undefined, request.queryParameter('after'))
      : { users: [await members.read(caller, caller.userId)] };
    const { base } = request;
    return respond(kind, {
      html: () => membersPage({ base, page, isAdmin: caller.isAdmin }),
      json: () => page,
    });
  });
}
