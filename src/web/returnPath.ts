const maxCharacters = 1_000;

/**
 * Where to go after signing in, if it can only be a page of ours: a path below `request.base`, with its query.
 * A browser reads more than one spelling as another site's address (`//evil`, `/\evil`, a tab between the slashes),
 * so what passes is what the URL standard leaves exactly as it stands.
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
  // Something on the way may decode a path; a second slash or a line break must not come of it.
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return /^\/[/\\]|[\u0000-\u001f\u007f]/.test(decoded) ? undefined : text;
}
