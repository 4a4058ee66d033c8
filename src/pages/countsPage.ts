import { html } from './html';
import { layout } from './layout';

/** The page of `GET /counts/{tag}`. */
export function countsPage(counts: {
  tag: string;
  count: number;
  total: number;
  rebuilding?: boolean;
}): string {
  const { tag, count, total, rebuilding } = counts;
  return layout(
    `Counts of ${tag}`,
    html`<h1>Counts</h1>
<p>The tag "${tag}" has ${count} total visits.</p>
<p>You have ${total} visits across all pages.</p>
${rebuilding ? html`<p>This total is still being rebuilt from the counts, so it may be a little off.</p>` : ''}`,
  );
}
