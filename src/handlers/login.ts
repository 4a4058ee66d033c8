import type { Context } from 'aws-lambda';
import { ChallengeNotServedError, NewPasswordRefusedError } from '../signIn/signInErrors';
import { parseSecretId } from '../signIn/secretIds';
import { passwordChangeSeconds } from '../signIn/passwordChanges';
import { maxEmailCharacters, maxPasswordCharacters, type Tokens } from '../signIn/userPool';
import { systemClock } from '../aws/clock';
import { optionalVariable } from '../aws/environment';
import { isJsonPost, parseFields, requireText, type Fields } from '../web/fields';
import { formatCookie, readCookie } from '../http/cookies';
import { describeError } from '../web/errors';
import { assertSameOrigin } from '../web/formPost';
import { handleRequest, retryHeaders } from '../web/handle';
import type { ApiEvent, Request } from '../http/request';
import { respond, type ApiResult, type Kind, type Response } from '../http/response';
import { parseReturnPath } from '../web/returnPath';
import { openSignedInBrowsers, openSignIn, passwordChangeCookie } from '../web/browserSessions';
import { loginPage, newPasswordPage, type DemoUser } from '../pages/loginPage';

const browsers = openSignedInBrowsers();
const signIn = openSignIn();

/** `GET /login` shows the form; `POST /login` signs in: a form's browser by a cookie, a program's JSON by an id token. */
export function handler(event: ApiEvent, context: Context): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    (request) => (isJsonPost(request) ? 'json' : 'html'),
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
    { isOursAlone: true },
  );
}

function showLogin(request: Request, kind: Kind, problem?: string): Response {
  const page = { base: request.base, returnPath: readReturnPath(request), demo: readDemoUser(request) };
  return respond(kind, {
    html: () => loginPage(problem === undefined ? page : { ...page, problem }),
    json: () => ({ message: problem ?? 'POST an email address and a password here.' }),
  });
}

async function answerProgram(request: Request, fields: Fields): Promise<Response> {
  const outcome = await tryPassword(request, fields);
  if (!('idToken' in outcome)) {
    throw new ChallengeNotServedError(
      'This account needs a new password first: sign in on the page /login once.',
    );
  }
  await browsers.verify(outcome);
  return respond('json', { json: () => ({ idToken: outcome.idToken }) });
}

async function answerForm(request: Request, fields: Fields): Promise<Response> {
  if (fields.has('new-password')) return finishSignIn(request, fields, await setPassword(request, fields));
  const outcome = await tryPassword(request, fields);
  if ('idToken' in outcome) return finishSignIn(request, fields, outcome);
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
    throw new NewPasswordRefusedError('The two passwords are not the same.');
  }
  const id = parseSecretId('p', readCookie(request, passwordChangeCookie));
  return signIn.setPassword(id, password, systemClock.now());
}

async function finishSignIn(request: Request, fields: Fields, tokens: Tokens): Promise<Response> {
  const cookie = await browsers.signIn(request, tokens, systemClock.now());
  const path = readReturnPath(request, fields) ?? '/restricted';
  const cookies = [cookie, formatCookie(request, passwordChangeCookie, '', 0)];
  return { status: 303, headers: { location: request.base + path }, cookies };
}

/** The form once more, with what was wrong; what is our fault goes the way of all errors. */
function showProblem(request: Request, kind: Kind, error: unknown): Response {
  const refusal = describeError(error);
  if (refusal.status >= 500) throw error;
  const isPasswordRefused = error instanceof NewPasswordRefusedError;
  const page = isPasswordRefused
    ? respond(kind, showNewPassword(request, refusal.message))
    : showLogin(request, kind, refusal.message);
  return { ...page, status: refusal.status, headers: retryHeaders(refusal) };
}

function showNewPassword(request: Request, problem?: string) {
  const page = { base: request.base, returnPath: readReturnPath(request) };
  return {
    html: () => newPasswordPage(problem === undefined ? page : { ...page, problem }),
    json: () => ({ message: problem ?? 'POST a new password here.' }),
  };
}

/** The form's address has it, and a form may. */
function readReturnPath(request: Request, fields?: Fields): string | undefined {
  const posted = fields?.get('return');
  return parseReturnPath(typeof posted === 'string' ? posted : request.queryParameter('return'));
}

/**
 * The user that `npm start` makes. No template declares these variables, and a deployed API is never called by a name of
 * the machine it runs on.
 */
function readDemoUser(request: Request): DemoUser | undefined {
  const [email, password] = [optionalVariable('DEMO_EMAIL'), optionalVariable('DEMO_PASSWORD')];
  return request.isOnLoopback && email !== undefined && password !== undefined
    ? { email, password }
    : undefined;
}
