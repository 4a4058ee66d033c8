import type { Total } from '../ledger/counter';
import { maxTagBytes } from '../tags/tag';
import { maxCsvTags } from '../reports/tagCsv';
import type { TagPage } from '../reports/tagList';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { countsLink } from './links';
import { memberLinks } from './memberLinks';
import { totalFigure, totalSentence } from './total';

export interface List {
  base: string;
  page: TagPage;
  /** The listed tags begin with it. */
  prefix: string;
  limit: number;
  /** The page token in the address; none on the first page. */
  after: string | undefined;
  /** Whether the whole table was read. */
  isComplete: boolean;
  /** Whether the list is open to everyone. Readers of a private list are signed in, and get the header of members. */
  isPublic: boolean;
  total: Total;
  formats: Formats;
}

/** The HTML of `GET /counts`. */
export function listPage(list: List): string {
  const { base, page, prefix, total, formats } = list;
  return layout(
    'All counts',
    html`<h1>All counts</h1>
${totalSentence(total)}
${searchForm(list)}
<dl class="figures">
<div><dt>${prefix === '' ? 'tags' : 'matching tags'}</dt><dd>${formats.number(page.tagsFound)}</dd></div>
<div><dt>their visits</dt><dd>${formats.number(page.visitsFound)}</dd></div>
${totalFigure(total, formats)}
</dl>
${list.isComplete ? '' : html`<p class="notice">There are more tags than one page can read, so some are missing here.</p>`}
${page.tags.length ? tagTable(list) : html`<p>${prefix === '' ? 'No tag has been visited yet.' : 'No matching tags.'}</p>`}
${pageLinks(list)}
<p><a href="${base}/counts?${query({ format: 'csv', prefix })}">Download as CSV</a>${page.tagsFound > maxCsvTags ? ` (the first ${formats.number(maxCsvTags)} tags)` : ''}</p>`,
    { base, wide: true, ...(list.isPublic ? {} : { nav: memberLinks(base) }) },
  );
}

function searchForm({ base, prefix, limit }: List): Html {
  return html`<form action="${base}/counts" method="get" role="search">
<label for="prefix">Tags that begin with</label>
<input id="prefix" name="prefix" value="${prefix}" maxlength="${maxTagBytes}" autocomplete="off" autocapitalize="none" spellcheck="false">
<input type="hidden" name="limit" value="${limit}">
<div class="row"><button>Find</button></div>
</form>`;
}

/** The column of starting counts appears only when a listed tag has one. */
function tagTable({ base, page, formats }: List): Html {
  const hasStart = page.tags.some(({ start }) => start !== undefined);
  return html`<div class="scroll"><table>
<thead><tr><th scope="col">Tag<th scope="col" class="number">Visits${hasStart ? html`<th scope="col" class="number">Before Footfall` : ''}</thead>
<tbody>
${page.tags.map(
  ({ tag, count, start }) =>
    html`<tr><td><a href="${countsLink(base, tag)}">${tag}</a><td class="number">${formats.number(count)}${hasStart ? html`<td class="number">${start === undefined ? '' : formats.number(start)}` : ''}\n`,
)}</tbody>
</table></div>`;
}

function pageLinks({ base, page, prefix, limit, after }: List): Html | string {
  if (after === undefined && page.next === undefined) return '';
  const first = html`<a href="${base}/counts?${query({ prefix, limit: String(limit) })}">First page</a>`;
  const next = (token: string) =>
    html`<a rel="next" href="${base}/counts?${query({ prefix, limit: String(limit), after: token })}">Next page</a>`;
  return html`<nav class="pages" aria-label="Pages">${after === undefined ? '' : first}${page.next === undefined ? '' : next(page.next)}</nav>`;
}

/** A query string without the empty parameters. */
function query(parameters: Record<string, string>): string {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
}
