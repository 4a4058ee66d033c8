import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient, createWriteOnceClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { respond } from '../http/response';
import { isAdministrator } from '../members/administrators';
import { Members } from '../members/members';
import { MembersTable } from '../members/membersTable';
import { membersPage } from '../pages/membersPage';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { memberPage } from '../web/memberPage';

const settings = readSettings('usersTable', ...sessionSettings);
const dynamoDB = createDynamoDBClient();
const sessions = openBrowserSessions(dynamoDB, createCognitoClient(), settings);
const members = new Members(new MembersTable(dynamoDB, createWriteOnceClient(dynamoDB), settings.usersTable));

/** `GET /restricted/members?after=` shows all members to administrators, and their own record to other members. */
export const handler = memberPage(sessions, async ({ request, kind, account }) => {
  const caller = { userId: account.userId, isAdmin: isAdministrator(account) };
  const found = caller.isAdmin
    ? await members.list(caller, undefined, request.queryParameter('after'))
    : { users: [await members.read(caller, caller.userId)] };
  const { base } = request;
  return respond(kind, {
    html: () => membersPage({ base, page: found, isAdmin: caller.isAdmin }),
    json: () => found,
  });
});
