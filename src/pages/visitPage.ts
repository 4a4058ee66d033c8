import type { ReasonNotToCount } from '../visits/countable';
import { html } from './html';
import { layout } from './layout';
import { countsLink } from './links';

const reasons: Record<ReasonNotToCount, string> = {
  prefetch: 'a browser fetched this page ahead of a visit',
  bot: 'it came from a crawler or a link preview',
};

/** The page of `GET /tags/{tag}`. */
export function visitPage(
  base: string,
  visit: { tag: string; count: number; notCounted: ReasonNotToCount | undefined },
): string {
  const { tag, count, notCounted } = visit;
  const headline =
    notCounted === undefined
      ? html`<h1>YOUR VISIT COUNTS.</h1>`
      : html`<h1>This call was not counted</h1>
<p>Footfall left it out, because ${reasons[notCounted]}.</p>`;
  return layout(
    tag,
    html`${headline}
<p>The tag "${tag}" has ${count} total visits.</p>
<p><a href="${countsLink(base, tag)}">Look at its counts</a>, which does not count a visit.</p>`,
  );
}
