import { parseRequest, type Request } from '../http/request';
import { negotiate, type Kind } from '../http/response';
import { answerRequest, type AnswerOptions, type ApiHandler } from './answer';
import type { PageResponse } from './contentSecurity';

export interface PageOptions extends AnswerOptions {
  /** The kind of response for callers whose `Accept` leaves the choice; a page by default. */
  prefers?: Kind | ((request: Request) => Kind);
}

/** Makes the handler of a function that answers people: by default with a page, on request with JSON. */
export function page(
  { prefers = 'html', ...options }: PageOptions,
  answer: (request: Request, kind: Kind) => PageResponse | Promise<PageResponse>,
): ApiHandler {
  return (event, context) => {
    const request = parseRequest(event);
    const kind = negotiate(request, typeof prefers === 'function' ? prefers(request) : prefers);
    return answerRequest(request, context, kind, answer, options);
  };
}
