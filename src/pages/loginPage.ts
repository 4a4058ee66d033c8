import { html, type Html } from './html';
import { layout } from './layout';

/** The data of both sign-in pages. */
interface Form {
  base: string;
  /** The path below `base` to go to after signing in. */
  returnPath: string | undefined;
  /** Why the last attempt failed, in one sentence. */
  problem?: string;
}

/** The user that `npm start` creates, for signing in with one click. */
export interface DemoUser {
  email: string;
  password: string;
}

/** The HTML of `GET /login`. */
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

/** The page on which an invited user replaces the temporary password. */
export function newPasswordPage(form: Form): string {
  return layout(
    'Choose a new password',
    html`<h1>Choose a new password</h1>
<p>Your password was temporary. This page expires in three minutes.</p>
${alert(form)}<form method="post" action="${action(form)}">
<label for="new-password">New password</label>
<input id="new-password" name="new-password" type="password" autocomplete="new-password" required maxlength="256" autofocus>
<label for="repeated-password">Repeat password</label>
<input id="repeated-password" name="repeated-password" type="password" autocomplete="new-password" required
maxlength="256">
<button>Save and sign in</button>
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
<button class="quiet">Quick log in</button> as ${email} (on this machine only)
</form>`;
}
