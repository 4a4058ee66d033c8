import { parseRequest, type Request } from '../http/request';
import type { Response } from '../http/response';
import { answerRequest, type ApiHandler } from '../web/answer';

/** Makes the handler of a function that answers programs: always with JSON, errors too. */
export function jsonApi(answer: (request: Request) => Promise<Response>): ApiHandler {
  return (event, context) => answerRequest(parseRequest(event), context, 'json', answer);
}
