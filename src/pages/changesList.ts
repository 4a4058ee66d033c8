import type { TagChange } from '../tags/tagChanges';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { tagChangesLink } from './links';

/** A list of tag changes, each with its administrator and its time in UTC. */
export function changesList(base: string, changes: readonly TagChange[], formats: Formats): Html {
  const lines = changes.map(
    (change) =>
      html`<li><a href="${tagChangesLink(base, change.tag)}">${change.tag}</a>: ${describe(change, formats)}<br>
<span class="hint">${change.by}, ${formats.time(change.at)} UTC</span>\n`,
  );
  return html`<ul>
${lines}</ul>`;
}

function describe({ action, count = 0, start = 0, origin = '' }: TagChange, formats: Formats): string {
  switch (action) {
    case 'delete':
      return `deleted with ${formats.number(count)} visits${start ? ` and a starting count of ${formats.number(start)} (${origin})` : ''}`;
    case 'setStart':
      return `starting count set to ${formats.number(start)} (${origin})`;
    case 'undoStart':
      return `starting count of ${formats.number(start)} (${origin}) removed`;
  }
}
