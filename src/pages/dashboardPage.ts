import type { SignedIn } from '../http/signedIn';
import { html } from './html';
import { layout } from './layout';
import { signOutForm } from './signOutForm';

/** The page of `GET /restricted`. */
export function dashboardPage(base: string, account: SignedIn): string {
  const { email, name, groups } = account;
  return layout(
    'Your page',
    html`<h1>You are signed in</h1>
<p>As <strong>${name === undefined ? email : `${name}, ${email}`}</strong>${groups.length ? `, in ${groups.join(', ')}` : ''}.</p>
${signOutForm(base, account)}
<p><a href="${base}/">Home</a></p>`,
  );
}
