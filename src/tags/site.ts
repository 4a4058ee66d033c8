import type { Tag } from './tag';

declare const siteBrand: unique symbol;

/** The host that a tag begins with. An event's site ends in `!`, so page views and events have separate sums. */
export type Site = string & { readonly [siteBrand]: true };

/** At least two labels, the last of letters or in Punycode, as browsers send international domains; or `localhost`. */
const hostName = /^(?:localhost|(?:[\p{L}\p{N}_-]+\.)+(?:\p{L}{2,}|xn--[a-z\d-]+))$/iu;

/**
 * @returns the tag's site, or undefined where the tag does not begin with a host and a slash: `readme.md` and
 * `v1.2/notes` have none
 */
export function siteOf(tag: Tag): Site | undefined {
  const slash = tag.indexOf('/');
  const host = slash < 0 ? '' : tag.slice(0, slash);
  if (!hostName.test(host)) return undefined;
  return (tag.includes('!', slash) ? `${host}!` : host) as Site;
}
