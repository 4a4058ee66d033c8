import type { TableDescription } from '../visits/countsTable';
import { accountSection, type Visitor } from './accountSection';
import { html } from './html';
import { layout } from './layout';

/** The page of `GET /` for people. */
export function homePage(base: string, table: TableDescription, visitor: Visitor): string {
  return layout(
    'Home',
    html`<h1>Footfall counts visits</h1>
<p>Every call of <a href="${base}/tags/hello">${base}/tags/hello</a> counts one visit of the tag
<code>hello</code>; any other word, or the path of a page, is a tag of its own.</p>
<p><a href="${base}/counts/hello">${base}/counts/hello</a> shows the count and the total, and counts nothing.</p>
<p>The table <code>${table.name}</code> is ${table.status.toLowerCase()}.</p>
${accountSection(base, visitor)}`,
  );
}
