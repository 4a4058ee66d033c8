import type { Context } from 'aws-lambda';
import { readSettings } from '../aws/environment';
import { corsHeaders } from '../http/cors';
import type { ApiEvent, Request } from '../http/request';
import { formatResponse, respond, type ApiResult, type Contents, type Kind } from '../http/response';
import { errorPage } from '../pages/errorPage';
import { contentSecurityHeaders, type PageResponse } from './contentSecurity';
import { describeError, retryHeaders, type Refusal } from './errors';

const { allowedOrigins } = readSettings('allowedOrigins');

/** A Lambda function behind either API. */
export type ApiHandler = (event: ApiEvent, context: Context) => Promise<ApiResult>;

export interface AnswerOptions {
  /** Sends no CORS headers, so pages of other origins cannot read the answer. For pages that show who is signed in. */
  sameOriginOnly?: boolean;
  /** Draws an error's message, for answers that are pictures. */
  drawRefusal?: (refusal: Refusal) => Partial<Contents>;
}

/**
 * Runs `answer` and formats its response. An error becomes a response too: below status 500 it carries the error's
 * message; from 500 on, the request id that finds the cause in the log.
 */
export async function answerRequest(
  request: Request,
  { awsRequestId }: Context,
  kind: Kind,
  answer: (request: Request, kind: Kind) => PageResponse | Promise<PageResponse>,
  { sameOriginOnly = false, drawRefusal }: AnswerOptions = {},
): Promise<ApiResult> {
  const cors = sameOriginOnly ? {} : corsHeaders(request.header('origin'), allowedOrigins);
  let response: PageResponse;
  try {
    response = await answer(request, kind);
  } catch (error) {
    response = refuse(error, request, kind, awsRequestId, drawRefusal);
  }
  const headers = { ...cors, ...contentSecurityHeaders(response), ...response.headers };
  return formatResponse({ ...response, headers }, request.payload);
}

function refuse(
  error: unknown,
  { base }: Request,
  kind: Kind,
  requestId: string,
  drawRefusal?: AnswerOptions['drawRefusal'],
): PageResponse {
  const refusal = describeError(error);
  const { status, message } = refusal;
  const isFault = status >= 500;
  if (isFault) console.error(`Answered ${status} to request ${requestId}.`, error);
  const details = isFault ? { message, requestId } : { message };
  const contents = {
    html: () => errorPage(base, status, details),
    text: () => (isFault ? `${message} Request id: ${requestId}` : message),
    json: () => details,
    ...drawRefusal?.(refusal),
  };
  return { ...respond(kind, contents, retryHeaders(refusal)), status };
}
