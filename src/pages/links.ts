/**
 * A tag as the rest of a path: its slashes stay readable, unless a browser or a proxy would tidy the
 * path up and so change the tag (`//`, `/./`, `/../`, a slash at either end).
 */
export function encodeTag(tag: string): string {
  const segments = tag.split('/');
  const wouldBeTidied = segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  return wouldBeTidied ? encodeURIComponent(tag) : segments.map(encodeURIComponent).join('/');
}

export function countsLink(base: string, tag: string): string {
  return `${base}/counts/${encodeTag(tag)}`;
}

/** Calling it counts a visit. */
export function visitLink(base: string, tag: string): string {
  return `${base}/tags/${encodeTag(tag)}`;
}

/** Where an administrator changes a tag. */
export function tagChangesLink(base: string, tag: string): string {
  return `${base}/restricted/tags?tag=${encodeURIComponent(tag)}`;
}

/** The badge's address, which stands in Markdown too: brackets would end a link there. */
export function badgeLink(pageEndpoint: string, tag: string): string {
  const encoded = encodeURIComponent(tag).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${pageEndpoint}/badge.svg?tag=${encoded}`;
}
