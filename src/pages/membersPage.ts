import type { MembersPage } from '../members/members';
import { html, type Html } from './html';
import { layout } from './layout';
import { memberLinks } from './memberLinks';

/** The HTML of `GET /restricted/members`. */
export function membersPage(view: { base: string; page: MembersPage; isAdmin: boolean }): string {
  const { base, page, isAdmin } = view;
  const rows = page.users.map(
    ({ user_id: userId, name, email, age }) =>
      html`<tr><td>${name ?? ''}<td>${email ?? ''}<td class="number">${age ?? ''}<td><code>${userId}</code>\n`,
  );
  return layout(
    'Members',
    html`<h1>Members</h1>
<p>${
      isAdmin
        ? "Everyone who has signed in at least once. The administrators' guide shows how to invite, change and delete members."
        : 'Your record. Administrators see all members.'
    }</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Name<th scope="col">Email<th scope="col" class="number">Age<th scope="col">ID</thead>
<tbody>
${rows}</tbody>
</table></div>
${pageLinks(base, page.next)}`,
    { base, nav: memberLinks(base), wide: true },
  );
}

function pageLinks(base: string, next: string | undefined): Html | string {
  if (next === undefined) return '';
  return html`<nav class="pages" aria-label="Pages"><a rel="next" href="${base}/restricted/members?after=${next}">Next page</a></nav>`;
}
