import { csrfField } from '../web/formPost';
import type { SignedIn } from '../web/browserSessions';
import { html, type Html } from './html';

/** The button that signs out; without a script, so a form. */
export function signOutForm(base: string, { csrfToken }: Pick<SignedIn, 'csrfToken'>): Html {
  return html`<form method="post" action="${base}/logout">
<input type="hidden" name="${csrfField}" value="${csrfToken}">
<button>Sign out</button>
</form>`;
}
