import { html, type Html } from './html';
import { layout } from './layout';

/** What both pages of sign-in show. */
interface Form {
  base: string;
  /** Where to go afterwards, below `base`. */
  returnPath: string | undefined;
  /** What was wrong with the last attempt, in a sentence. */
  problem?: string;
}

/** The user that `npm start` makes, for one click. */
export interface DemoUser {
  email: string;
  password: string;
}

/** The page of `GET /login`. */
export function loginPage(form: Form & { demo?: DemoUser | undefined }): string {
  return layout(
    'Sign in',
    html`<h1>Sign in</h1>
${alert(form)}<form method="post" action="${action(form)}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required maxlength="128" autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">
<button>Sign in</button>
</form>
${form.demo ? demoForm(form, form.demo) : ''}`,
  );
}

/** Where an invited user sets a password of their own. */
export function newPasswordPage(form: Form): string {
  return layout(
    'New password',
    html`<h1>Set a password of your own</h1>
<p>The one that you signed in with was temporary. This page waits three minutes.</p>
${alert(form)}<form method="post" action="${action(form)}">
<label for="new-password">New password</label>
<input id="new-password" name="new-password" type="password" autocomplete="new-password" required maxlength="256" autofocus>
<label for="repeated-password">The same once more</label>
<input id="repeated-password" name="repeated-password" type="password" autocomplete="new-password" required
maxlength="256">
<button>Set it and sign in</button>
</form>`,
  );
}

function action({ base, returnPath }: Form): string {
  return `${base}/login${returnPath === undefined ? '' : `?return=${encodeURIComponent(returnPath)}`}`;
}

function alert({ problem }: Form): Html | string {
  return problem === undefined ? '' : html`<p role="alert">${problem}</p>\n`;
}

function demoForm(form: Form, { email, password }: DemoUser): Html {
  return html`<form method="post" action="${action(form)}">
<input type="hidden" name="email" value="${email}">
<input type="hidden" name="password" value="${password}">
<button class="quiet">Quick log in</button> as ${email}, which only this machine offers
</form>`;
}
