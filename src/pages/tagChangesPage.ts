import { maxOriginCharacters, type StartingCount } from '../tags/startingCount';
import type { TagOrder } from '../tags/tagChanges';
import { csrfField } from './csrfField';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { countsLink, tagChangesLink } from './links';
import { memberLinks } from './memberLinks';
import type { Viewer } from './viewer';

interface Place {
  base: string;
  account: Viewer;
  tag: string;
  formats: Formats;
}

/** The page of `GET /restricted/tags?tag=`, where an administrator changes a tag. */
export function tagChangesPage(
  page: Place & { count: number; start: StartingCount | undefined; isDone: boolean },
): string {
  const { base, tag, count, start, isDone, formats } = page;
  return layout(
    `Change ${tag}`,
    html`<h1><small>Change the tag</small> ${tag}</h1>
${isDone ? html`<p class="notice" role="status">Done.</p>` : ''}
<dl class="figures">
<div><dt>visits counted</dt><dd>${formats.number(count)}</dd></div>
<div><dt>${start ? html`before Footfall: ${start.origin}` : 'before Footfall'}</dt><dd>${formats.number(start?.visits ?? 0)}</dd></div>
</dl>
<p><a href="${countsLink(base, tag)}">Its counts</a></p>
<h2>Starting count</h2>
<p>What this tag was counted elsewhere before. It stands beside the count; the count, the total and the days leave it out.</p>
${actionForm(
  page,
  'setStart',
  html`<label for="visits">Visits</label>
<input id="visits" name="visits" inputmode="numeric" pattern="[0-9]+" maxlength="13" required value="${start?.visits ?? ''}">
<label for="origin">Where the number comes from</label>
<input id="origin" name="origin" maxlength="${maxOriginCharacters}" required value="${start?.origin ?? ''}">
<button>Set the starting count …</button>`,
)}
${start ? actionForm(page, 'undoStart', html`<button class="quiet">Take the starting count away …</button>`) : ''}
<h2>Delete</h2>
<p>The count goes, and the total and today lose it. Visits that come later begin at 1.</p>
${actionForm(page, 'delete', html`<button class="quiet">Delete the tag …</button>`)}`,
    { base, nav: memberLinks(base) },
  );
}

/** Asks before a change is made. */
export function confirmPage(page: Omit<Place, 'tag'> & { order: TagOrder; count: number }): string {
  const { base, order } = page;
  const { action, tag } = order;
  const start =
    order.action === 'setStart'
      ? html`<input type="hidden" name="visits" value="${order.start.visits}">
<input type="hidden" name="origin" value="${order.start.origin}">`
      : '';
  const place = { ...page, tag };
  return layout(
    'Are you sure?',
    html`<h1>Are you sure?</h1>
<p>${describe(page)}</p>
${actionForm(
  place,
  action,
  html`${start}<input type="hidden" name="confirmed" value="yes">
<div class="row"><button>Yes</button><a class="button quiet" href="${tagChangesLink(base, tag)}">No, go back</a></div>`,
)}`,
    { base, nav: memberLinks(base) },
  );
}

function describe({ order, count, formats }: Parameters<typeof confirmPage>[0]): Html {
  switch (order.action) {
    case 'delete':
      return html`Delete the tag "${order.tag}" with its ${formats.number(count)} visits? The total loses them, and nothing brings them back.`;
    case 'setStart':
      return html`Show ${formats.number(order.start.visits)} visits before Footfall (${order.start.origin}) beside the count of "${order.tag}"?`;
    case 'undoStart':
      return html`Take the starting count of "${order.tag}" away?`;
  }
}

function actionForm({ base, account, tag }: Place, action: TagOrder['action'], inside: Html): Html {
  return html`<form method="post" action="${base}/restricted/tags">
<input type="hidden" name="${csrfField}" value="${account.csrfToken}">
<input type="hidden" name="tag" value="${tag}">
<input type="hidden" name="action" value="${action}">
${inside}
</form>`;
}
