import { maxOriginCharacters, type StartingCount } from '../tags/startingCount';
import type { TagOrder } from '../tags/tagChanges';
import { csrfField } from './csrfField';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { countsLink, tagChangesLink } from './links';
import { memberLinks } from './memberLinks';
import type { Viewer } from './viewer';

interface TagPageData {
  base: string;
  account: Viewer;
  tag: string;
  formats: Formats;
}

/** The HTML of `GET /restricted/tags?tag=`, on which administrators change a tag. */
export function tagChangesPage(
  page: TagPageData & { count: number; start: StartingCount | undefined; isDone: boolean },
): string {
  const { base, tag, count, start, isDone, formats } = page;
  return layout(
    `Change ${tag}`,
    html`<h1><small>Change tag</small> ${tag}</h1>
${isDone ? html`<p class="notice" role="status">Done.</p>` : ''}
<dl class="figures">
<div><dt>total visits</dt><dd>${formats.number(count)}</dd></div>
<div><dt>${start ? html`visits before Footfall: ${start.origin}` : 'visits before Footfall'}</dt><dd>${formats.number(start?.visits ?? 0)}</dd></div>
</dl>
<p><a href="${countsLink(base, tag)}">View counts</a></p>
<h2>Starting count</h2>
<p>Visits that another tool counted before Footfall. Pages show them next to the count, and badges add them to it. The total and the days do not include them.</p>
${actionForm(
  page,
  'setStart',
  html`<label for="visits">Visits</label>
<input id="visits" name="visits" inputmode="numeric" pattern="[0-9]+" maxlength="13" required value="${start?.visits ?? ''}">
<label for="origin">Source of this number</label>
<input id="origin" name="origin" maxlength="${maxOriginCharacters}" required value="${start?.origin ?? ''}">
<button>Set starting count…</button>`,
)}
${start ? actionForm(page, 'undoStart', html`<button class="quiet">Remove starting count…</button>`) : ''}
<h2>Delete tag</h2>
<p>The count is deleted and subtracted from the total and from today. The next visit starts again at 1.</p>
${actionForm(page, 'delete', html`<button class="quiet">Delete tag…</button>`)}`,
    { base, nav: memberLinks(base) },
  );
}

/** The page that asks for confirmation before a change. */
export function confirmPage(page: Omit<TagPageData, 'tag'> & { order: TagOrder; count: number }): string {
  const { base, order } = page;
  const { action, tag } = order;
  const startFields =
    order.action === 'setStart'
      ? html`<input type="hidden" name="visits" value="${order.start.visits}">
<input type="hidden" name="origin" value="${order.start.origin}">`
      : '';
  return layout(
    'Are you sure?',
    html`<h1>Are you sure?</h1>
<p>${describe(page)}</p>
${actionForm(
  { ...page, tag },
  action,
  html`${startFields}<input type="hidden" name="confirmed" value="yes">
<div class="row"><button>Yes</button><a class="button quiet" href="${tagChangesLink(base, tag)}">No, go back</a></div>`,
)}`,
    { base, nav: memberLinks(base) },
  );
}

function describe({ order, count, formats }: Parameters<typeof confirmPage>[0]): Html {
  switch (order.action) {
    case 'delete':
      return html`Delete the tag "${order.tag}" with its ${formats.number(count)} visits? They will be subtracted from the total. This cannot be undone.`;
    case 'setStart':
      return html`Show ${formats.number(order.start.visits)} visits before Footfall (${order.start.origin}) next to the count of "${order.tag}"?`;
    case 'undoStart':
      return html`Remove the starting count of "${order.tag}"?`;
  }
}

function actionForm({ base, account, tag }: TagPageData, action: TagOrder['action'], fields: Html): Html {
  return html`<form method="post" action="${base}/restricted/tags">
<input type="hidden" name="${csrfField}" value="${account.csrfToken}">
<input type="hidden" name="tag" value="${tag}">
<input type="hidden" name="action" value="${action}">
${fields}
</form>`;
}
