import { identifyCaller } from '../api/caller';
import { jsonApi } from '../api/jsonApi';
import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient, createWriteOnceClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { answerPreflight } from '../http/cors';
import { parseJsonObject } from '../http/jsonBody';
import { respond } from '../http/response';
import { disableUser } from '../members/disableUser';
import { Members } from '../members/members';
import { MembersTable } from '../members/membersTable';

const settings = readSettings('usersTable', 'userPoolId', 'userPoolClientId');
const dynamoDB = createDynamoDBClient();
const cognito = createCognitoClient();
const members = new Members(new MembersTable(dynamoDB, createWriteOnceClient(dynamoDB), settings.usersTable));

/** `/users` lists members as JSON. `/users/{user_id}` shows, changes or deletes one. */
export const handler = jsonApi(async (request) => {
  if (request.method === 'OPTIONS') return answerPreflight('GET, PUT, DELETE', 'Authorization, Content-Type');
  const caller = identifyCaller(request.claims, settings.userPoolClientId);
  const userId = request.pathParameter('user_id');
  switch (request.method) {
    case 'PUT': {
      const member = await members.change(caller, userId, parseJsonObject(request.body));
      return respond('json', { json: () => member });
    }
    case 'DELETE':
      await members.remove(caller, userId, (id) => disableUser(cognito, settings.userPoolId, id));
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
