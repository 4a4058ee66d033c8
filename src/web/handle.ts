import type { Context } from 'aws-lambda';
import { listVariable } from '../aws/environment';
import { errorPage } from '../pages/errorPage';
import { corsHeaders } from '../http/cors';
import { describeError, type Refusal } from './errors';
import { parseRequest, type ApiEvent, type Request } from '../http/request';
import {
  formatResponse,
  negotiate,
  respond,
  type ApiResult,
  type Contents,
  type Kind,
  type Response,
} from '../http/response';

const allowedOrigins = listVariable('ALLOWED_ORIGINS');

export interface AnswerOptions {
  /** No page of another origin may read it, whichever are allowed: a page about who is signed in, or signs in. */
  isOursAlone?: boolean;
  /** A refusal as a picture, where the answer is one. */
  drawRefusal?: (refusal: Refusal) => Partial<Contents>;
}

/**
 * Answers one API event. Whatever is thrown on the way becomes an answer; from 500 on its cause goes to
 * the log only, and the caller gets the id under which it stands there.
 * @param preferred the kind of answer for callers that do not ask for one
 */
export async function handleRequest(
  event: ApiEvent,
  context: Context,
  preferred: (request: Request) => Kind,
  answer: (request: Request, kind: Kind) => Promise<Response>,
  options: AnswerOptions = {},
): Promise<ApiResult> {
  const request = parseRequest(event);
  const kind = negotiate(request, preferred(request));
  return answerRequest(request, context, kind, answer, options);
}

/** The same for what answers programs alone: its errors are JSON too, whatever kind is asked for. */
export async function handleJsonRequest(
  event: ApiEvent,
  context: Context,
  answer: (request: Request) => Promise<Response>,
): Promise<ApiResult> {
  return answerRequest(parseRequest(event), context, 'json', answer);
}

async function answerRequest(
  request: Request,
  context: Context,
  kind: Kind,
  answer: (request: Request, kind: Kind) => Promise<Response>,
  { isOursAlone = false, drawRefusal }: AnswerOptions = {},
): Promise<ApiResult> {
  const cors = isOursAlone ? {} : corsHeaders(request.header('origin'), allowedOrigins);
  let response: Response;
  try {
    response = await answer(request, kind);
  } catch (error) {
    response = refuse(error, request, kind, context.awsRequestId, drawRefusal);
  }
  return formatResponse({ ...response, headers: { ...cors, ...response.headers } }, request.payload);
}

function refuse(
  error: unknown,
  { base }: Request,
  kind: Kind,
  requestId: string,
  drawRefusal?: (refusal: Refusal) => Partial<Contents>,
): Response {
  const refusal = describeError(error);
  const { status, message } = refusal;
  const isOurs = status >= 500;
  if (isOurs) console.error(`Answered ${status} to request ${requestId}.`, error);
  const details = isOurs ? { message, requestId } : { message };
  return {
    ...respond(
      kind,
      {
        html: () => errorPage(base, status, details),
        text: () => (isOurs ? `${message} Request id: ${requestId}` : message),
        json: () => details,
        ...drawRefusal?.(refusal),
      },
      retryHeaders(refusal),
    ),
    status,
  };
}

/** The header that says when to come again, where that is known. */
export function retryHeaders({ retryAfterSeconds }: Refusal): Record<string, string> {
  return retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
}
