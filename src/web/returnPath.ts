const maxCharacters = 1_000;

/**
 * Parses the page to return to after signing in: a path below `request.base`, with its query.
 * Browsers read several spellings as the address of another site (`//evil`, `/\evil`, a tab between the slashes), so a
 * path passes only if the URL standard does not change it.
 * @returns undefined for anything that could leave this API
 */
export function parseReturnPath(text: string | undefined): string | undefined {
  if (text === undefined || text.length > maxCharacters || !/^\/(?![/\\])[^#]*$/.test(text)) return undefined;
  const home = 'https://footfall.invalid';
  let decoded: string;
  try {
    if (new URL(text, home).href !== home + text) return undefined;
    decoded = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  // A proxy may decode the path; that must not produce a second slash or a line break.
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return /^\/[/\\]|[\u0000-\u001f\u007f]/.test(decoded) ? undefined : text;
}
