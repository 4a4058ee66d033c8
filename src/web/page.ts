import { parseRequest, type Request } from '../http/request';
import { negotiate, type Kind } from '../http/response';
import { answerRequest, type AnswerOptions, type ApiHandler } from './answer';
import type { PageResponse } from './contentSecurity';

export interface PageOptions extends AnswerOptions {
  /** The kind if `Accept` has no preference; HTML by default. */
  prefers?: Kind | ((request: Request) => Kind);
}

/** Creates a handler that answers with a page by default, and with JSON on request. */
export function page(
  { prefers = 'html', ...options }: PageOptions,
  answer: (request: Request, kind: Kind) => PageResponse | Promise<PageResponse>,
): ApiHandler {
  return async (event, context) => {
    const request = parseRequest(event);
    const kind = negotiate(request, typeof prefers === 'function' ? prefers(request) : prefers);
    return answerRequest(request, context, kind, answer, options);
  };
}
