import Negotiator from 'negotiator';

/** No browser sends more. Cutting a longer header only loses languages at its end. */
const maxHeaderCharacters = 200;

/**
 * Chooses the first language of `Accept-Language` in which this Node.js formats numbers and dates; English by default.
 * It drops extensions of a language tag: a caller chooses a language, not a calendar or a numbering system.
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
    return undefined; // '*' or an invalid tag
  }
}
