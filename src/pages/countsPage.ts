import type { Total } from '../ledger/counter';
import type { DayVisits } from '../ledger/dayVisits';
import type { StartingCount } from '../tags/startingCount';
import { choiceLinks } from './choices';
import { copyBlock } from './copyBlock';
import { drawDaysChart } from './daysChart';
import type { Formats } from './formats';
import { html, type Html } from './html';
import { layout } from './layout';
import { badgeLink } from './links';
import { totalFigure, totalSentence } from './total';

export interface Counts {
  base: string;
  /** The page door's address, without a slash at its end; empty where it is this page's own. */
  pageEndpoint: string;
  tag: string;
  count: number;
  /** What was counted elsewhere before, which `count` leaves out. */
  start: StartingCount | undefined;
  total: Total;
  days: DayVisits[];
  /** `YYYY-MM-DD` in UTC. */
  today: string;
  formats: Formats;
}

/** In days; the last is the longest that is answered. */
const ranges = [7, 30, 90, 366];

/** The page of `GET /counts/{tag}`. */
export function countsPage(counts: Counts): string {
  const { base, tag, count, start, total, days, formats } = counts;
  const sum = days.reduce((visits, day) => visits + day.visits, 0);
  return layout(
    `Counts of ${tag}`,
    html`<h1><small>Counts of</small> ${tag}</h1>
<p>The tag "${tag}" has ${count} total visits.</p>
${totalSentence(total)}
<dl class="figures">
<div><dt>visits of this tag</dt><dd>${formats.number(count)}</dd></div>
<div><dt>of them in the days below</dt><dd>${formats.number(sum)}</dd></div>
${start ? html`<div><dt>more before Footfall: ${start.origin}</dt><dd>${formats.number(start.visits)}</dd></div>` : ''}
${totalFigure(total, formats)}
</dl>
<h2>Its days</h2>
${rangeLinks(counts)}
${drawDaysChart(days, { title: 'Visits', formats })}
${badgeSection(counts)}`,
    { base },
  );
}

function rangeLinks({ days, today }: Counts): Html {
  const current = days.at(-1)?.day === today ? days.length : undefined;
  const choices = ranges.map((range) => ({
    text: `${range} days`,
    href: `?days=${range}`,
    isCurrent: range === current,
  }));
  return choiceLinks('How many days', choices);
}

function badgeSection({ tag, pageEndpoint }: Counts): Html {
  const address = badgeLink(pageEndpoint, tag);
  return html`<h2>Its badge</h2>
<p class="picture"><img src="${address}" alt="The badge of this tag" height="20"></p>
<p>Looking at it counts nothing. In a README:</p>
${copyBlock(`![Visits](${address})`)}
<p>In a page:</p>
${copyBlock(html`<img src="${address}" alt="Visits" height="20">`.text)}`;
}
