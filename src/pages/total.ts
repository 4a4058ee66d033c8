import type { Total } from '../ledger/counter';
import type { Formats } from './formats';
import { html, type Html } from './html';

/** The grand total as a sentence whose wording is fixed: programs look for it, so its digits stand ungrouped. */
export function totalSentence(total: Total): Html {
  return html`<p class="soft">You have ${total.total} visits across all pages.</p>
${rebuildingNotice(total)}`;
}

/** That the total may be off, while it is. */
export function rebuildingNotice({ rebuilding }: Total): Html | string {
  return rebuilding
    ? html`<p class="notice">This total is still being rebuilt from the counts, so it may be a little off.</p>`
    : '';
}

/** The grand total as one of the big numbers. */
export function totalFigure({ total }: Total, formats: Formats): Html {
  return html`<div><dt>visits across all pages</dt><dd>${formats.number(total)}</dd></div>`;
}
