import { stringify } from 'csv-stringify/sync';
import { formatPlace, type TagPage } from './tagList';

/** The most tags in one file. */
export const maxCsvTags = 10_000;

/** Lambda responses are limited to 6 MB of JSON, in which each quote, backslash and line break takes two bytes. */
const maxAnswerBytes = 5_500_000;

/**
 * Formats a page of tags as RFC 4180. Strangers choose tags, so a tag that a spreadsheet would run as a formula gets an
 * apostrophe in front, which the spreadsheet hides.
 * @returns `next` is the token of the next file; tags that exceed the response limit move there
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
