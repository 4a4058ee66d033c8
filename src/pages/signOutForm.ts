import { csrfField } from './csrfField';
import { html, type Html } from './html';
import type { Viewer } from './viewer';

/** The button that signs out. It is a form, so it works without a script. */
export function signOutForm(base: string, { csrfToken }: Pick<Viewer, 'csrfToken'>): Html {
  return html`<form method="post" action="${base}/logout">
<input type="hidden" name="${csrfField}" value="${csrfToken}">
<button>Sign out</button>
</form>`;
}
