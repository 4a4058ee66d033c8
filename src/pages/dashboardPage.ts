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
  /** The most visited tags of the last `topDays` days. */
  top: TopTag[];
  topDays: number;
  /** Only for administrators. */
  changes: TagChange[] | undefined;
  formats: Formats;
}

/** In days. */
const chartRanges = [7, 30, 90, 366];

/** The HTML of `GET /restricted`. */
export function dashboardPage(dashboard: Dashboard): string {
  const { base, account, total, days, changes, formats } = dashboard;
  const figures = formatFigures(total, dashboard.comparison, formats);
  return layout(
    'Dashboard',
    html`<h1><small>${account.name ?? account.email}</small> Dashboard</h1>
${rebuildingNotice(total)}
<dl class="figures">
<div><dt>total visits</dt>${liveFigure('total', figures)}</div>
<div><dt>today</dt>${liveFigure('today', figures)}</div>
<div><dt>yesterday</dt>${liveFigure('yesterday', figures)}</div>
<div><dt>same day last week</dt>${liveFigure('weekAgo', figures)}</div>
</dl>
<h2>Visits over time</h2>
${chartChoices(dashboard)}
${drawDaysChart(days, { title: 'All visits', formats })}
<h2>Most visited tags</h2>
${topSection(dashboard)}
${isAdministrator(account) ? tagForm(base) : ''}
${changes ? changesSection(base, changes, formats) : ''}
<h2>Your account</h2>
<p>You are signed in as <strong>${account.email}</strong>.${account.groups.length ? ` Groups: ${account.groups.join(', ')}.` : ''}</p>
${signOutForm(base, account)}
${liveScript}`,
    { base, nav: memberLinks(base), wide: true },
  );
}

function changesSection(base: string, changes: TagChange[], formats: Formats): Html {
  return html`<h2>Recent tag changes</h2>
${changes.length ? changesList(base, changes, formats) : html`<p>No tag changes yet.</p>`}`;
}

/** The numbers that an open page refreshes, in the reader's format. */
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
  return choiceLinks('Chart period', choices);
}

function topSection({ base, top, topDays, days, formats, account }: Dashboard): Html {
  const choices = topRanges.map((range) => ({
    text: range === 1 ? 'Today' : `${range} days`,
    href: `?days=${days.length}&top=${range}`,
    isCurrent: range === topDays,
  }));
  const isOneDay = topDays === 1;
  const canChange = isAdministrator(account);
  const rows = top.map(
    ({ tag, days: trend, visits }) => html`<tr><td><a href="${countsLink(base, tag)}">${tag}</a>
${isOneDay ? '' : html`<td class="trend">${drawSparkline(trend.map((day) => day.visits))}`}<td class="number">${formats.number(visits)}${
      canChange
        ? html`<td class="number"><a href="${tagChangesLink(base, tag)}">Change<span class="visually-hidden"> ${tag}</span></a>`
        : ''
    }\n`,
  );
  const table = html`<div class="scroll"><table>
<thead><tr><th scope="col">Tag${isOneDay ? '' : html`<th scope="col" class="trend">Trend`}<th scope="col" class="number">Visits${canChange ? html`<th scope="col" class="number">Change` : ''}</thead>
<tbody>
${rows}</tbody>
</table></div>`;
  return html`${choiceLinks('Period of the most visited tags', choices)}
${top.length ? table : html`<p>No visits in this period.</p>`}`;
}
