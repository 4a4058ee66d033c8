import type { Total } from '../ledger/counter';
import type { TableDescription } from '../reports/countsTable';
import { maxTagBytes } from '../tags/tag';
import { accountSection, type Visitor } from './accountSection';
import { copyBlock } from './copyBlock';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { totalFigure, totalSentence } from './total';

export interface Home {
  base: string;
  /** The page door's address, without a slash at its end; empty where it is this page's own. */
  pageEndpoint: string;
  table: TableDescription;
  total: Total;
  formats: Formats;
  visitor: Visitor;
}

/** The page of `GET /` for people. */
export function homePage({ base, pageEndpoint, table, total, formats, visitor }: Home): string {
  return layout(
    'Home',
    html`<h1>Visit counts that add up</h1>
<p>Footfall counts the visits of your pages in your own AWS account, and keeps a total that is the sum of the
counts.</p>
<dl class="figures">${totalFigure(total, formats)}</dl>
${totalSentence(total)}
${tryForm(base)}
<h2>Count a page of yours</h2>
<p>Put this into a page. Each view counts one visit of the page's path.</p>
${copyBlock(`<script defer src="${pageEndpoint}/footfall.js"></script>`)}
<p>Or have programs call <code>${base}/tags/any-tag</code>; they get <code>{"tag", "count"}</code> when they ask for JSON.</p>
<p class="soft">The table <code>${table.name}</code> is ${table.status.toLowerCase()}.</p>
${accountSection(base, visitor)}`,
    { base },
  );
}

/** `GET /` sends it on to the tag, so it works without a script. */
function tryForm(base: string): Html {
  return html`<h2>Try a tag</h2>
<p id="tag-hint" class="hint">A tag is a word or a page's path, such as <code>hello</code> or <code>blog/first-post</code>.</p>
<form action="${base}/" method="get">
<label for="tag">Tag</label>
<input id="tag" name="tag" required maxlength="${maxTagBytes}" autocomplete="off" autocapitalize="none" spellcheck="false" aria-describedby="tag-hint">
<div class="row"><button>Count a visit</button><button class="quiet" name="show" value="counts">Only show its counts</button></div>
</form>`;
}
