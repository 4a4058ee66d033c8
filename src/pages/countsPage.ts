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
  /** The beacon API's address, without a trailing slash. Empty: the same as this page's. */
  beaconEndpoint: string;
  tag: string;
  count: number;
  /** Visits that another tool counted before Footfall; `count` does not include them. */
  start: StartingCount | undefined;
  total: Total;
  days: DayVisits[];
  /** `YYYY-MM-DD` in UTC. */
  today: string;
  formats: Formats;
}

/** In days. The last is the longest range that `GET /counts/{tag}` accepts. */
const ranges = [7, 30, 90, 366];

/** The HTML of `GET /counts/{tag}`. */
export function countsPage(counts: Counts): string {
  const { base, tag, count, start, total, days, formats } = counts;
  const sum = days.reduce((visits, day) => visits + day.visits, 0);
  return layout(
    `Counts for ${tag}`,
    html`<h1><small>Counts for</small> ${tag}</h1>
<p>The tag "${tag}" has ${count} total visits.</p>
${totalSentence(total)}
<dl class="figures">
<div><dt>total visits</dt><dd>${formats.number(count)}</dd></div>
<div><dt>visits in this period</dt><dd>${formats.number(sum)}</dd></div>
${start ? html`<div><dt>visits before Footfall: ${start.origin}</dt><dd>${formats.number(start.visits)}</dd></div>` : ''}
${totalFigure(total, formats)}
</dl>
<h2>Visits over time</h2>
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
  return choiceLinks('Chart period', choices);
}

function badgeSection({ tag, beaconEndpoint }: Counts): Html {
  const address = badgeLink(beaconEndpoint, tag);
  return html`<h2>Badge</h2>
<p class="picture"><img src="${address}" alt="Badge for this tag" height="20"></p>
<p>The badge does not count visits. To show it in a README, use this Markdown:</p>
${copyBlock(`![Visits](${address})`)}
<p>To show it in a web page, use this HTML:</p>
${copyBlock(html`<img src="${address}" alt="Visits" height="20">`.text)}`;
}
