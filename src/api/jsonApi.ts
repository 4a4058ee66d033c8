import { parseRequest, type Request } from '../http/request';
import type { Response } from '../http/response';
import { answerRequest, type ApiHandler } from '../web/answer';

/** Creates a handler that always answers with JSON, errors included. */
export function jsonApi(answer: (request: Request) => Promise<Response>): ApiHandler {
  return async (event, context) => answerRequest(parseRequest(event), context, 'json', answer);
}
