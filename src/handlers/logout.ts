import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { openBrowserSessions, sessionSettings } from '../web/browserSessions';
import { parseFields } from '../web/fields';
import { assertFormPost, assertSameOrigin } from '../web/formPost';
import { page } from '../web/page';

const sessions = openBrowserSessions(
  createDynamoDBClient(),
  createCognitoClient(),
  readSettings(...sessionSettings),
);

/** `POST /logout` ends the browser's session, here and at Cognito. A browser without a session is signed out already. */
export const handler = page({ sameOriginOnly: true }, async (request) => {
  assertSameOrigin(request);
  const csrfToken = sessions.csrfToken(request);
  if (csrfToken !== undefined) assertFormPost(request, parseFields(request), csrfToken);
  const cookie = await sessions.signOut(request);
  return { status: 303, headers: { location: `${request.base}/` }, cookies: [cookie] };
});
