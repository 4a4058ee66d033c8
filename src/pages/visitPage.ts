import type { ReasonNotToCount } from '../visits/countable';
import { html } from './html';
import { layout } from './layout';
import { countsLink } from './links';

const reasons: Record<ReasonNotToCount, string> = {
  prefetch: 'a browser fetched this page ahead of a visit',
  bot: 'it came from a crawler or a link preview',
};

/** The page of `GET /tags/{tag}`. Its number stands ungrouped: to load a language would be half of a first answer. */
export function visitPage(
  base: string,
  visit: { tag: string; count: number; notCounted: ReasonNotToCount | undefined },
): string {
  const { tag, count, notCounted } = visit;
  const headline =
    notCounted === undefined
      ? html`<h1>YOUR VISIT COUNTS.</h1>`
      : html`<h1>This call was not counted</h1>
<p class="notice">Footfall left it out, because ${reasons[notCounted]}.</p>`;
  return layout(
    tag,
    html`${headline}
<p>The tag "${tag}" has ${count} total visits.</p>
<p><a class="button" href="${countsLink(base, tag)}">Look at its counts</a></p>
<p class="soft">Looking does not count a visit; loading this page again does.</p>`,
    { base },
  );
}
