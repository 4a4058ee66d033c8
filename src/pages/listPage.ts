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
  /** What the listed tags begin with. */
  prefix: string;
  limit: number;
  /** Whether this is not the first page. */
  after: string | undefined;
  /** Whether the table was read to its end. */
  isComplete: boolean;
  /** Who may see the list only by signing in has the links of those who did. */
  isPublic: boolean;
  total: Total;
  formats: Formats;
}

/** The page of `GET /counts`. */
export function listPage(list: List): string {
  const { base, page, prefix, total, formats } = list;
  return layout(
    'All counts',
    html`<h1>All counts</h1>
${totalSentence(total)}
${searchForm(list)}
<dl class="figures">
<div><dt>tags${prefix === '' ? '' : ' that begin so'}</dt><dd>${formats.number(page.tagsFound)}</dd></div>
<div><dt>visits of them</dt><dd>${formats.number(page.visitsFound)}</dd></div>
${totalFigure(total, formats)}
</dl>
${list.isComplete ? '' : html`<p class="notice">There are more tags than one page looks through; some are missing here.</p>`}
${page.tags.length ? tagTable(list) : html`<p>No tag ${prefix === '' ? 'has been visited yet' : 'begins so'}.</p>`}
${pageLinks(list)}
<p><a href="${base}/counts?${query({ format: 'csv', prefix })}">Download as CSV</a>${page.tagsFound > maxCsvTags ? `, the first ${formats.number(maxCsvTags)} of them` : ''}</p>`,
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

/** What tags were counted elsewhere before has a column where there is any of it. */
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
  const next = (place: string) =>
    html`<a rel="next" href="${base}/counts?${query({ prefix, limit: String(limit), after: place })}">Next page</a>`;
  return html`<nav class="pages" aria-label="Pages">${after === undefined ? '' : first}${page.next === undefined ? '' : next(page.next)}</nav>`;
}

/** A query without what is empty. */
function query(parameters: Record<string, string>): string {
  return new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
}
