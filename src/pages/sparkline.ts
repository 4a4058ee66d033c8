import { html, type Html } from './html';

const height = 20;

/** Room for half of the line's width at both ends. */
const margin = 2;

/**
 * How values went, as a small line from left to right; the lowest point is 0, not the least of them. The numbers
 * themselves have to stand beside it: it says nothing to who cannot see it.
 */
export function drawSparkline(values: readonly number[]): Html {
  const most = Math.max(1, ...values);
  const y = (value: number) =>
    Math.round((height - margin - (value / most) * (height - 2 * margin)) * 10) / 10;
  // A single value is a level line.
  const points = (values.length === 1 ? [...values, ...values] : values).map(
    (value, index) => `${index},${y(value)}`,
  );
  const width = Math.max(1, points.length - 1);
  return html`<svg class="sparkline" viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true"><polyline points="${points.join(' ')}"/></svg>`;
}
