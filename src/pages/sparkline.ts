import { html, type Html } from './html';

const height = 20;

/** Leaves room above and below for half of the line's width. */
const margin = 2;

/**
 * Draws values as a small line from left to right. The bottom is 0, not the lowest value. Screen readers skip the drawing,
 * so the page has to show the numbers as text.
 */
export function drawSparkline(values: readonly number[]): Html {
  const highest = Math.max(1, ...values);
  const y = (value: number) =>
    Math.round((height - margin - (value / highest) * (height - 2 * margin)) * 10) / 10;
  // A single value makes a flat line.
  const points = (values.length === 1 ? [...values, ...values] : values).map(
    (value, index) => `${index},${y(value)}`,
  );
  const width = Math.max(1, points.length - 1);
  return html`<svg class="sparkline" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><polyline points="${points.join(' ')}"/></svg>`;
}
