import type { ReasonNotToCount } from '../visits/countable';
import { html } from './html';
import { layout } from './layout';
import { countsLink } from './links';

const reasons: Record<ReasonNotToCount, string> = {
  prefetch: 'a browser loaded this page in advance',
  bot: 'it came from a crawler or a link preview',
};

/** The HTML of `GET /tags/{tag}`. Its number has no separators: loading a language would be half of a first response's time. */
export function visitPage(
  base: string,
  visit: { tag: string; count: number; notCounted: ReasonNotToCount | undefined },
): string {
  const { tag, count, notCounted } = visit;
  const headline =
    notCounted === undefined
      ? html`<h1>YOUR VISIT COUNTS.</h1>`
      : html`<h1>This request was not counted</h1>
<p class="notice">Footfall did not count it because ${reasons[notCounted]}.</p>`;
  return layout(
    tag,
    html`${headline}
<p>The tag "${tag}" has ${count} total visits.</p>
<p><a class="button" href="${countsLink(base, tag)}">View counts</a></p>
<p class="soft">Viewing counts does not count a visit. Reloading this page does.</p>`,
    { base },
  );
}
