import { stringify } from 'csv-stringify/sync';
import { formatPlace, type TagPage } from './tagList';

/** Tags of one file. */
export const maxCsvTags = 10_000;

/** A Lambda answers at most 6 MB of JSON, in which each quote, backslash and line end takes two bytes. */
const maxAnswerBytes = 5_500_000;

/**
 * A page of tags for a spreadsheet, by RFC 4180. A tag is a stranger's text: what a spreadsheet would run as a formula
 * gets an apostrophe before it, which the spreadsheet does not show. Tags so long that the answer would not fit are left
 * to the next file.
 */
export function formatTagsAsCsv({ tags, next }: TagPage): { text: string; next: string | undefined } {
  const fitting = [...tags];
  for (;;) {
    const text = stringify(
      fitting.map(({ tag, count, start = 0 }) => [tag, count, start]),
      {
        header: true,
        columns: ['tag', 'count', 'start'],
        escape_formulas: true,
        record_delimiter: 'windows',
      },
    );
    const last = fitting.at(-1);
    if (Buffer.byteLength(JSON.stringify(text)) <= maxAnswerBytes || !last)
      return { text, next: fitting.length < tags.length && last ? formatPlace(last) : next };
    fitting.length = Math.floor(fitting.length / 2);
  }
}
