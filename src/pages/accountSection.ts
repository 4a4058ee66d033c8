import { html, type Html } from './html';
import { signOutForm } from './signOutForm';
import type { Viewer } from './viewer';

/** What the home page knows of who looks at it. */
export interface Visitor {
  account: Viewer | undefined;
  /** `name=value` each, with nothing that opens an account. */
  cookies: string[];
}

/** The home page's part about whoever looks at it. */
export function accountSection(base: string, { account, cookies }: Visitor): Html {
  return html`<section aria-labelledby="you">
<h2 id="you">You</h2>
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
  return html`<p>You are signed in as <strong>${account.email}</strong> since ${formatTime(account.startedAt)}, and until
${formatTime(account.expires)} unless you come back before. <a href="${base}/restricted">Your page</a></p>
${signOutForm(base, account)}`;
}

function formatTime(seconds: number): string {
  return `${new Date(seconds * 1_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
