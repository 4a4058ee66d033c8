import { systemClock } from '../aws/clock';
import { createCognitoClient } from '../aws/cognito';
import { createDynamoDBClient } from '../aws/dynamodb';
import { readSettings } from '../aws/environment';
import { formatCookie, readCookie } from '../http/cookies';
import type { Request } from '../http/request';
import { respond, type Kind, type Response } from '../http/response';
import { loginPage, newPasswordPage, type DemoUser } from '../pages/loginPage';
import { PasswordChanges, passwordChangeSeconds } from '../signIn/passwordChanges';
import { parseSecretId } from '../signIn/secretIds';
import { SignIn } from '../signIn/signIn';
import { SignInAttempts } from '../signIn/signInAttempts';
import { NewPasswordRefusedError, UnsupportedChallengeError } from '../signIn/signInErrors';
import { maxEmailCharacters, maxPasswordCharacters, UserPool, type Tokens } from '../signIn/userPool';
import { openBrowserSessions, passwordChangeCookie, sessionSettings } from '../web/browserSessions';
import { describeError, retryHeaders } from '../web/errors';
import { isJsonPost, parseFields, requireText, type Fields } from '../web/fields';
import { assertSameOrigin } from '../web/formPost';
import { page } from '../web/page';
import { parseReturnPath } from '../web/returnPath';

const settings = readSettings('demoEmail', 'demoPassword', ...sessionSettings);
const [dynamoDB, cognito] = [createDynamoDBClient(), createCognitoClient()];
const sessions = openBrowserSessions(dynamoDB, cognito, settings);
const signIn = new SignIn(
  new UserPool(cognito, settings.userPoolClientId),
  new SignInAttempts(dynamoDB, settings.sessionsTable),
  new PasswordChanges(dynamoDB, settings.sessionsTable),
);

/** `GET /login` shows the form. `POST /login` signs in: a form gets a cookie, a program's JSON gets an id token. */
export const handler = page(
  { prefers: (request) => (isJsonPost(request) ? 'json' : 'html'), sameOriginOnly: true },
  async (request, kind) => {
    if (request.method !== 'POST') return showLogin(request, kind);
    assertSameOrigin(request);
    const fields = parseFields(request);
    if (isJsonPost(request)) return answerProgram(request, fields);
    try {
      return await answerForm(request, fields);
    } catch (error) {
      return showProblem(request, kind, error);
    }
  },
);

function showLogin(request: Request, kind: Kind, problem?: string): Response {
  const contents = { base: request.base, returnPath: readReturnPath(request), demo: findDemoUser(request) };
  return respond(kind, {
    html: () => loginPage(problem === undefined ? contents : { ...contents, problem }),
    json: () => ({ message: problem ?? 'POST an email address and a password here.' }),
  });
}

async function answerProgram(request: Request, fields: Fields): Promise<Response> {
  const outcome = await tryPassword(request, fields);
  if (outcome.kind === 'newPasswordRequired') {
    throw new UnsupportedChallengeError(
      'This account needs a new password. Open the page /login and choose one first.',
    );
  }
  await sessions.verify(outcome);
  return respond('json', { json: () => ({ idToken: outcome.idToken }) });
}

async function answerForm(request: Request, fields: Fields): Promise<Response> {
  if (fields.has('new-password')) return finishSignIn(request, fields, await setPassword(request, fields));
  const outcome = await tryPassword(request, fields);
  if (outcome.kind === 'signedIn') return finishSignIn(request, fields, outcome);
  const id = await signIn.waitForPassword(outcome, systemClock.now());
  return {
    ...respond('html', showNewPassword(request)),
    cookies: [formatCookie(request, passwordChangeCookie, id, passwordChangeSeconds)],
  };
}

function tryPassword(request: Request, fields: Fields) {
  const email = requireText(fields, fields.has('username') ? 'username' : 'email', maxEmailCharacters);
  const password = requireText(fields, 'password', maxPasswordCharacters);
  return signIn.tryPassword({ email, password, address: request.sourceAddress }, systemClock.now());
}

function setPassword(request: Request, fields: Fields): Promise<Tokens> {
  const password = requireText(fields, 'new-password', maxPasswordCharacters);
  if (fields.get('repeated-password') !== password) {
    throw new NewPasswordRefusedError('Enter the same password twice.');
  }
  const id = parseSecretId('p', readCookie(request, passwordChangeCookie));
  return signIn.setPassword(id, password, systemClock.now());
}

async function finishSignIn(request: Request, fields: Fields, tokens: Tokens): Promise<Response> {
  const cookie = await sessions.signIn(request, tokens, systemClock.now());
  const path = readReturnPath(request, fields) ?? '/restricted';
  const cookies = [cookie, formatCookie(request, passwordChangeCookie, '', 0)];
  return { status: 303, headers: { location: request.base + path }, cookies };
}

/** Shows the form again with the message. Errors from 500 on are answered as on any other page. */
function showProblem(request: Request, kind: Kind, error: unknown): Response {
  const refusal = describeError(error);
  if (refusal.status >= 500) throw error;
  const form =
    error instanceof NewPasswordRefusedError
      ? respond(kind, showNewPassword(request, refusal.message))
      : showLogin(request, kind, refusal.message);
  return { ...form, status: refusal.status, headers: retryHeaders(refusal) };
}

function showNewPassword(request: Request, problem?: string) {
  const contents = { base: request.base, returnPath: readReturnPath(request) };
  return {
    html: () => newPasswordPage(problem === undefined ? contents : { ...contents, problem }),
    json: () => ({ message: problem ?? 'POST a new password here.' }),
  };
}

/** The path is in the form's address, or in a field of the form. */
function readReturnPath(request: Request, fields?: Fields): string | undefined {
  const posted = fields?.get('return');
  return parseReturnPath(typeof posted === 'string' ? posted : request.queryParameter('return'));
}

/** Returns the user that `npm start` creates. A deployed API has no such settings and is never called by a local name. */
function findDemoUser({ isOnLoopback }: Request): DemoUser | undefined {
  const { demoEmail: email, demoPassword: password } = settings;
  return isOnLoopback && email !== '' && password !== '' ? { email, password } : undefined;
}
