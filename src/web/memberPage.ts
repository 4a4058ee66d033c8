import { systemClock } from '../aws/clock';
import type { Request } from '../http/request';
import type { Kind } from '../http/response';
import type { ApiHandler } from './answer';
import { askToSignIn } from './askToSignIn';
import type { BrowserSessions, SignedIn } from './browserSessions';
import type { PageResponse } from './contentSecurity';
import { page } from './page';

/** A request of a browser that is signed in. */
export interface MemberRequest {
  request: Request;
  kind: Kind;
  account: SignedIn;
  nowMs: number;
}

/** Creates the handler of a page for members. Others sign in first, then return to it. */
export function memberPage(
  sessions: BrowserSessions,
  answer: (request: MemberRequest) => Promise<PageResponse>,
): ApiHandler {
  return page({ sameOriginOnly: true }, async (request, kind) => {
    const nowMs = systemClock.now();
    const account = await sessions.find(request, nowMs);
    return account ? answer({ request, kind, account, nowMs }) : askToSignIn(request, kind);
  });
}
