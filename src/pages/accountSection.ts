import { html, type Html } from './html';
import { signOutForm } from './signOutForm';
import type { Viewer } from './viewer';

/** The session and the cookies of the browser that opened the home page. */
export interface BrowserSession {
  /** Absent when nobody is signed in. */
  account: Viewer | undefined;
  /** Each as `name=value`. The values of sign-in cookies are hidden. */
  cookies: string[];
}

/** The home page's section about the browser's session. */
export function accountSection(base: string, { account, cookies }: BrowserSession): Html {
  return html`<section aria-labelledby="you">
<h2 id="you">Your session</h2>
${account ? describeAccount(base, account) : html`<p>You are not signed in. <a href="${base}/login">Sign in</a></p>`}
${
  cookies.length
    ? html`<p>Your browser sent these cookies:</p>
<ul>
${cookies.map((pair) => html`<li><code>${pair}</code></li>`)}
</ul>`
    : html`<p>Your browser sent no cookies.</p>`
}
</section>`;
}

function describeAccount(base: string, account: Viewer): Html {
  return html`<p>You are signed in as <strong>${account.email}</strong> since ${formatTime(account.startedAt)}. The session ends
on ${formatTime(account.expires)} unless you return before then. <a href="${base}/restricted">Dashboard</a></p>
${signOutForm(base, account)}`;
}

function formatTime(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
