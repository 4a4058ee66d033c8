/** How numbers and days are written for one reader. Days are `YYYY-MM-DD` in UTC. */
export interface Formats {
  /** With the language's own grouping. */
  number(value: number): string;
  /** Short, for the scale of a chart: `1.2M`. */
  compact(value: number): string;
  /** Without the year. */
  shortDay(day: string): string;
  /** A moment, ISO 8601, to the minute and in UTC. */
  time(moment: string): string;
  /** From one day to another, or the one day where they are the same. */
  days(from: string, to: string): string;
}

/** @param locale a language tag that Intl knows, such as `de-AT` */
export function createFormats(locale: string): Formats {
  // The addresses and the answers for programs count in this calendar, whatever a language's own one is.
  const calendar = { timeZone: 'UTC', calendar: 'gregory' } as const;
  // Each is made when it is first used: the first of a process loads the language, for milliseconds.
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
    time: (moment) => time().format(Date.parse(moment)),
    days(from, to) {
      if (from === to) return medium().format(Date.parse(from));
      return medium().formatRange(Date.parse(from), Date.parse(to));
    },
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
