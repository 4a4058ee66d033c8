import type { Context } from 'aws-lambda';
import { identifyCaller } from '../api/caller';
import { Members } from '../members/members';
import { MembersTable } from '../members/membersTable';
import { createCognitoClient, disableUser } from '../aws/cognito';
import { createClient, createCountingClient } from '../aws/dynamodb';
import { requireVariable } from '../aws/environment';
import { answerPreflight } from '../http/cors';
import { handleJsonRequest } from '../web/handle';
import { parseJsonObject } from '../http/jsonBody';
import type { ApiEvent } from '../http/request';
import { respond, type ApiResult } from '../http/response';

const table = new MembersTable(createClient(), createCountingClient(), requireVariable('USERS_TABLE_NAME'));
const userPoolId = requireVariable('USER_POOL_ID');
const clientId = requireVariable('USER_POOL_CLIENT_ID');
const userPoolClient = createCognitoClient();
const members = new Members(table);

/** `/users` lists the members, `/users/{user_id}` shows, changes or deletes one. JSON alone. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleJsonRequest(event, context, async (request) => {
    if (request.method === 'OPTIONS')
      return answerPreflight('GET, PUT, DELETE', 'Authorization, Content-Type');
    const caller = identifyCaller(request.claims, clientId);
    const userId = request.pathParameter('user_id');
    switch (request.method) {
      case 'PUT': {
        const member = await members.change(caller, userId, parseJsonObject(request.body));
        return respond('json', { json: () => member });
      }
      case 'DELETE':
        await members.remove(caller, userId, (id) => disableUser(userPoolClient, userPoolId, id));
        return { status: 204 };
      default: {
        const { queryParameter } = request;
        const found = userId
          ? await members.read(caller, userId)
          : await members.list(caller, queryParameter('limit'), queryParameter('after'));
        return respond('json', { json: () => found });
      }
    }
  });
}
