import Negotiator from 'negotiator';

/** No browser sends more; what is cut off can only cost a reader a less liked language. */
const maxHeaderCharacters = 200;

/**
 * The first language of `Accept-Language` in which this Node.js can write numbers and dates; English if there is none.
 * Extensions of a tag are dropped: a caller chooses a language, not a calendar or a numbering system.
 */
export function chooseLocale(acceptLanguage: string | undefined): string {
  const headers = { 'accept-language': acceptLanguage?.slice(0, maxHeaderCharacters) };
  for (const tag of new Negotiator({ headers }).languages()) {
    const locale = parseLocale(tag);
    if (locale !== undefined) return locale;
  }
  return 'en';
}

function parseLocale(tag: string): string | undefined {
  try {
    const { baseName } = new Intl.Locale(tag);
    return Intl.DateTimeFormat.supportedLocalesOf(baseName)[0];
  } catch {
    return undefined; // '*', or no language tag at all
  }
}
