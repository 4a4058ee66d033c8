import { html } from './html';
import { layout } from './layout';

/** The page of `GET /counts/{tag}`. */
export function countsPage({ tag, count, total }: { tag: string; count: number; total: number }): string {
  return layout(
    `Counts of ${tag}`,
    html`<h1>Counts</h1>
<p>The tag "${tag}" has ${count} total visits.</p>
<p>You have ${total} visits across all pages.</p>`,
  );
}
