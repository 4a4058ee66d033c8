import { html } from './html';
import { layout } from './layout';

/** The page of `GET /counts/{tag}`. */
export function countsPage(counts: { tag: string; count: number; total: number }): string {
  return layout(
    `Counts of ${counts.tag}`,
    html`<h1>Counts</h1>
      <p>The tag "${counts.tag}" has ${counts.count} total visits.</p>
      <p>You have ${counts.total} visits across all pages.</p>`,
  );
}
