/**
 * Encodes a tag as the rest of a path. Its slashes stay readable unless a browser or a proxy would normalize the path
 * and so change the tag (`//`, `/./`, `/../`, a slash at either end).
 */
function encodeTag(tag: string): string {
  const segments = tag.split('/');
  const wouldBeNormalized = segments.some((segment) => segment === '' || segment === '.' || segment === '..');
  return wouldBeNormalized ? encodeURIComponent(tag) : segments.map(encodeURIComponent).join('/');
}

export function countsLink(base: string, tag: string): string {
  return `${base}/counts/${encodeTag(tag)}`;
}

/** The page that counts a visit each time it is opened. */
export function visitLink(base: string, tag: string): string {
  return `${base}/tags/${encodeTag(tag)}`;
}

/** The page on which administrators change a tag. */
export function tagChangesLink(base: string, tag: string): string {
  return `${base}/restricted/tags?tag=${encodeURIComponent(tag)}`;
}

/** The badge's address. It also encodes brackets, because they would end a link in Markdown. */
export function badgeLink(beaconEndpoint: string, tag: string): string {
  const encoded = encodeURIComponent(tag).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${beaconEndpoint}/badge.svg?tag=${encoded}`;
}
