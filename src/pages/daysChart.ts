import { tickStep } from 'd3-array';
import type { Formats } from './formats';
import { html, Html } from './html';

/** The visits of one day. `day` is `YYYY-MM-DD` in UTC. */
interface Day {
  day: string;
  visits: number;
}

/** The days that one bar shows, from the first to the last, and their visits. */
interface Bar {
  from: string;
  to: string;
  visits: number;
}

/** A bar with its days in the reader's format. Each is formatted once, because formatting takes most of a chart's time. */
type NamedBar = Bar & { name: string };

export interface ChartOptions {
  /** What the chart shows, such as `Visits`. The caption adds `by day` or `by week`. */
  title: string;
  formats: Formats;
}

/** With more days, a bar is a week, because a bar a day would be too thin to point at. */
const maxDailyBars = 92;
const daysAWeek = 7;

/** With fewer days, bars stay as wide as with this many. */
const minSlots = 7;

/** The chart's height in its own units; CSS sets the height in the page. */
const height = 100;

/** A non-zero bar is always visible. */
const minBarHeight = 1;

/**
 * Draws visits as bars, with a text and a table of the same numbers. The SVG stretches to the width of the page, which would
 * distort text, so the labels are HTML next to it.
 */
export function drawDaysChart(days: readonly Day[], { title, formats }: ChartOptions): Html {
  const weekly = days.length > maxDailyBars;
  const bars = (weekly ? sumByWeek(days) : days.map(toBar)).map((bar) => ({
    ...bar,
    name: formats.days(bar.from, bar.to),
  }));
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return html`<p>There are no days to show.</p>`;

  const ticks = listTicks(Math.max(...bars.map(({ visits }) => visits)));
  const period = formats.days(first.from, last.to);
  const sum = bars.reduce((visits, bar) => visits + bar.visits, 0);
  return html`<figure class="chart">
<figcaption><strong>${title} by ${weekly ? 'week' : 'day'}</strong> <span>${period}, UTC${sum === 0 ? ': no visits' : ''}</span></figcaption>
<div class="plot">
<div class="scale" aria-hidden="true">${ticks.toReversed().map((tick) => html`<span>${formats.compact(tick)}</span>`)}</div>
<svg viewBox="0 0 ${bars.length} ${height}" preserveAspectRatio="none" role="img" aria-label="${period}: ${describe(bars, sum, formats)}.">
${drawBars(bars, ticks, formats)}
</svg>
<div class="span" aria-hidden="true">${labelledDays(bars).map((day = '') => html`<span>${formats.shortDay(day)}</span>`)}</div>
</div>
<details><summary>Show as table</summary>
<table><thead><tr><th scope="col">${weekly ? 'Week' : 'Day'}<th scope="col" class="number">${title}</thead><tbody>
${bars.toReversed().map((bar) => html`<tr><td>${bar.name}<td class="number">${formats.number(bar.visits)}\n`)}</tbody></table>
</details>
</figure>`;
}

function drawBars(bars: readonly NamedBar[], ticks: readonly number[], formats: Formats): Html {
  const top = ticks.at(-1) ?? 1;
  const width = 0.8 * Math.min(1, bars.length / minSlots);
  const y = (visits: number) => round(height * (1 - visits / top));
  // One path draws all bars. A transparent column over each bar, as tall as the chart, shows its tooltip.
  const shapes = bars.map(({ visits }, index) => {
    if (visits <= 0) return '';
    const barY = Math.min(y(visits), height - minBarHeight);
    return `M${round(index + (1 - width) / 2)} ${height}V${barY}h${round(width)}V${height}z`;
  });
  const lines = ticks.map((tick) => `M0 ${y(tick)}h${bars.length}`);
  const columns = bars.map(({ name, visits }, index) => {
    const text = `${name}: ${formats.number(visits)}`;
    return html`<rect x="${index}" width="1" height="${height}"><title>${text}</title></rect>`;
  });
  return html`<path class="lines" d="${lines.join('')}"/><path class="bars" d="${shapes.join('')}"/>${columns}`;
}

/** Even, round steps from 0 to the highest value or just above it. Visits are whole numbers, and so are the steps. */
function listTicks(highest: number): number[] {
  const step = Math.max(1, tickStep(0, Math.max(highest, 1), 4));
  const steps = Math.ceil(Math.max(highest, 1) / step);
  return Array.from({ length: steps + 1 }, (_, index) => index * step);
}

/** Up to three bars: the day of each. More bars: the first day, the middle one and the last. */
function labelledDays(bars: readonly Bar[]): (string | undefined)[] {
  if (bars.length <= 3) return bars.map(({ from }) => from);
  return [bars[0]?.from, bars[Math.floor(bars.length / 2)]?.from, bars.at(-1)?.to];
}

function toBar({ day, visits }: Day): Bar {
  return { from: day, to: day, visits };
}

/** Groups days into weeks. The last week ends on the last day; the first one may be shorter. */
function sumByWeek(days: readonly Day[]): Bar[] {
  const bars: Bar[] = [];
  for (let end = days.length; end > 0; end -= daysAWeek) {
    const week = days.slice(Math.max(0, end - daysAWeek), end);
    const visits = week.reduce((sum, day) => sum + day.visits, 0);
    bars.unshift({ from: week[0]?.day ?? '', to: week.at(-1)?.day ?? '', visits });
  }
  return bars;
}

function describe(bars: readonly NamedBar[], sum: number, formats: Formats): string {
  if (sum === 0) return 'no visits';
  const peak = bars.reduce((highest, bar) => (bar.visits > highest.visits ? bar : highest));
  return `${formats.number(sum)} total visits, peak ${formats.number(peak.visits)} (${peak.name})`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
