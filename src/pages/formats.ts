/** Formats numbers and days in one reader's language. Days come in as `YYYY-MM-DD` in UTC. */
export interface Formats {
  /** With the language's thousands separators. */
  number(value: number): string;
  /** Short, for the scale of a chart: `1.2M`. */
  compact(value: number): string;
  /** Without the year. */
  shortDay(day: string): string;
  /** An ISO 8601 time, to the minute and in UTC. */
  time(isoTime: string): string;
  /** A range of days; a single day if both are the same. */
  days(from: string, to: string): string;
}

/** @param locale a language tag that Intl supports, such as `de-AT` */
export function createFormats(locale: string): Formats {
  // URLs and JSON use the Gregorian calendar in UTC, so pages do too, even in languages with another default calendar.
  const calendar = { timeZone: 'UTC', calendar: 'gregory' } as const;
  // Created on first use: the first format in a process takes milliseconds, because it loads the language's data.
  const number = once(() => new Intl.NumberFormat(locale));
  const compact = once(
    () => new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }),
  );
  const medium = once(() => new Intl.DateTimeFormat(locale, { ...calendar, dateStyle: 'medium' }));
  const short = once(() => new Intl.DateTimeFormat(locale, { ...calendar, month: 'short', day: 'numeric' }));
  const time = once(
    () => new Intl.DateTimeFormat(locale, { ...calendar, dateStyle: 'medium', timeStyle: 'short' }),
  );
  return {
    number: (value) => number().format(value),
    compact: (value) => compact().format(value),
    shortDay: (day) => short().format(Date.parse(day)),
    time: (isoTime) => time().format(Date.parse(isoTime)),
    days(from, to) {
      if (from === to) return medium().format(Date.parse(from));
      return medium().formatRange(Date.parse(from), Date.parse(to));
    },
  };
}

function once<Value>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= create());
}
