import type { Context } from 'aws-lambda';
import { systemClock } from '../aws/clock';
import { askToSignIn } from './askToSignIn';
import { handleRequest } from './handle';
import type { ApiEvent, Request } from '../http/request';
import type { ApiResult, Kind, Response } from '../http/response';
import { openSignedInBrowsers, type SignedIn } from './browserSessions';

const browsers = openSignedInBrowsers();

/** Answers those who are signed in; others are asked to sign in, and come back. */
export function handleMemberRequest(
  event: ApiEvent,
  context: Context,
  answer: (request: Request, kind: Kind, account: SignedIn, nowMs: number) => Promise<Response>,
): Promise<ApiResult> {
  return handleRequest(
    event,
    context,
    () => 'html',
    async (request, kind) => {
      const nowMs = systemClock.now();
      const account = await browsers.find(request, nowMs);
      return account ? answer(request, kind, account, nowMs) : askToSignIn(request, kind);
    },
    { isOursAlone: true },
  );
}
