import { isAdministrator } from '../members/administrators';
import type { Comparison } from '../reports/comparison';
import type { Total } from '../ledger/counter';
import type { DayVisits } from '../ledger/dayVisits';
import { topRanges, type TopTag } from '../reports/topTags';
import type { TagChange } from '../tags/tagChanges';
import { changesList } from './changesList';
import { choiceLinks } from './choices';
import { drawDaysChart } from './daysChart';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { countsLink, tagChangesLink } from './links';
import { liveFigure, liveScript, type LiveFigures } from './liveFigures';
import { memberLinks } from './memberLinks';
import { signOutForm } from './signOutForm';
import { drawSparkline } from './sparkline';
import { tagForm } from './tagForm';
import { rebuildingNotice } from './total';
import type { Viewer } from './viewer';

export interface Dashboard {
  base: string;
  account: Viewer;
  total: Total;
  comparison: Comparison;
  days: DayVisits[];
  /** Of the last `topDays` days. */
  top: TopTag[];
  topDays: number;
  /** For administrators alone. */
  changes: TagChange[] | undefined;
  formats: Formats;
}

/** In days. */
const chartRanges = [7, 30, 90, 366];

/** The page of `GET /restricted`. */
export function dashboardPage(dashboard: Dashboard): string {
  const { base, account, total, days, changes, formats } = dashboard;
  const figures = formatFigures(total, dashboard.comparison, formats);
  return layout(
    'Dashboard',
    html`<h1><small>${account.name ?? account.email}</small> Dashboard</h1>
${rebuildingNotice(total)}
<dl class="figures">
<div><dt>visits in all</dt>${liveFigure('total', figures)}</div>
<div><dt>today</dt>${liveFigure('today', figures)}</div>
<div><dt>yesterday</dt>${liveFigure('yesterday', figures)}</div>
<div><dt>this day a week ago</dt>${liveFigure('weekAgo', figures)}</div>
</dl>
<h2>Days</h2>
${chartChoices(dashboard)}
${drawDaysChart(days, { title: 'Visits of all tags', formats })}
<h2>Most visited</h2>
${topSection(dashboard)}
${isAdministrator(account) ? tagForm(base) : ''}
${changes ? changesSection(base, changes, formats) : ''}
<h2>You</h2>
<p>You are signed in as <strong>${account.email}</strong>${account.groups.length ? `, in ${account.groups.join(', ')}` : ''}.</p>
${signOutForm(base, account)}
${liveScript}`,
    { base, nav: memberLinks(base), wide: true },
  );
}

function changesSection(base: string, changes: TagChange[], formats: Formats): Html {
  return html`<h2>Changes of tags</h2>
${changes.length ? changesList(base, changes, formats) : html`<p>Nobody has changed a tag yet.</p>`}`;
}

/** The numbers that the page keeps fresh, as its reader writes them. */
export function formatFigures({ total }: Total, comparison: Comparison, formats: Formats): LiveFigures {
  return {
    total: formats.number(total),
    today: formats.number(comparison.today),
    yesterday: formats.number(comparison.yesterday),
    weekAgo: formats.number(comparison.weekAgo),
  };
}

function chartChoices({ days, topDays }: Dashboard): Html {
  const choices = chartRanges.map((range) => ({
    text: `${range} days`,
    href: `?days=${range}&top=${topDays}`,
    isCurrent: range === days.length,
  }));
  return choiceLinks('How many days', choices);
}

function topSection({ base, top, topDays, days, formats, account }: Dashboard): Html {
  const choices = topRanges.map((range) => ({
    text: range === 1 ? 'Today' : `${range} days`,
    href: `?days=${days.length}&top=${range}`,
    isCurrent: range === topDays,
  }));
  const isOneDay = topDays === 1;
  const mayChange = isAdministrator(account);
  const rows = top.map(
    (found) => html`<tr><td><a href="${countsLink(base, found.tag)}">${found.tag}</a>
${isOneDay ? '' : html`<td class="trend">${drawSparkline(found.days.map(({ visits }) => visits))}`}<td class="number">${formats.number(found.visits)}${
      mayChange
        ? html`<td class="number"><a href="${tagChangesLink(base, found.tag)}">Change<span class="unseen"> ${found.tag}</span></a>`
        : ''
    }\n`,
  );
  const table = html`<div class="scroll"><table>
<thead><tr><th scope="col">Tag${isOneDay ? '' : html`<th scope="col" class="trend">Days`}<th scope="col" class="number">Visits${mayChange ? html`<th scope="col" class="number">Change` : ''}</thead>
<tbody>
${rows}</tbody>
</table></div>`;
  return html`${choiceLinks('Most visited in', choices)}
${top.length ? table : html`<p>No visit was counted in this time.</p>`}`;
}
