import type { Total } from '../ledger/counter';
import type { Formats } from './formats';
import { html, type Html } from './html';

/** The grand total as a sentence. Programs search for its exact wording, so the number has no separators. */
export function totalSentence(total: Total): Html {
  return html`<p class="soft">You have ${total.total} visits across all pages.</p>
${rebuildingNotice(total)}`;
}

/** A notice that the total may be inaccurate, while it is being rebuilt. */
export function rebuildingNotice({ rebuilding }: Total): Html | string {
  return rebuilding
    ? html`<p class="notice">This total is still being rebuilt from the counts and may be slightly off.</p>`
    : '';
}

/** The grand total as a large number. */
export function totalFigure({ total }: Total, formats: Formats): Html {
  return html`<div><dt>visits across all pages</dt><dd>${formats.number(total)}</dd></div>`;
}
