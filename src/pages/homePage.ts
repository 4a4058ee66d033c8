import type { Total } from '../ledger/counter';
import type { TableDescription } from '../reports/countsTable';
import { maxTagBytes } from '../tags/tag';
import { accountSection, type BrowserSession } from './accountSection';
import { copyBlock } from './copyBlock';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { totalFigure, totalSentence } from './total';

export interface Home {
  base: string;
  /** The beacon API's address, without a trailing slash. Empty: the same as this page's. */
  beaconEndpoint: string;
  table: TableDescription;
  total: Total;
  formats: Formats;
  session: BrowserSession;
}

/** The HTML of `GET /`. */
export function homePage({ base, beaconEndpoint, table, total, formats, session }: Home): string {
  return layout(
    'Home',
    html`<h1>Visit counts that add up</h1>
<p>Footfall counts visits to your pages in your own AWS account and keeps a total that equals the sum of the
counts.</p>
<dl class="figures">${totalFigure(total, formats)}</dl>
${totalSentence(total)}
${tryForm(base)}
<h2>Count visits to your pages</h2>
<p>Add this script to a page. Each page view counts one visit. The tag is the page's path.</p>
${copyBlock(`<script defer src="${beaconEndpoint}/footfall.js"></script>`)}
<p>Programs can count a visit with <code>GET ${base}/tags/any-tag</code>. If they send <code>Accept: application/json</code>,
the answer is <code>{"tag", "count"}</code>.</p>
<p class="soft">The table <code>${table.name}</code> is ${table.status.toLowerCase()}.</p>
${accountSection(base, session)}`,
    { base },
  );
}

/** `GET /` redirects to the page of the tag, so the form works without a script. */
function tryForm(base: string): Html {
  return html`<h2>Try a tag</h2>
<p id="tag-hint" class="hint">A tag is a word or a page's path, such as <code>hello</code> or <code>blog/first-post</code>.</p>
<form action="${base}/" method="get">
<label for="tag">Tag</label>
<input id="tag" name="tag" required maxlength="${maxTagBytes}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="tag-hint">
<div class="row"><button>Count a visit</button><button class="quiet" name="show" value="counts">View counts</button></div>
</form>`;
}
