import { formatTagsAsCsv } from '../../../src/reports/tagCsv';
import { cutPage, type ListedTag } from '../../../src/reports/tagList';

/** The largest response of a Lambda function, less some room for the headers. */
const maxBytes = 6 * 1_024 * 1_024 - 100_000;

const number = 10_000;
const make = (fill: string, length: number, tags = number): ListedTag[] =>
  Array.from({ length: tags }, (_, index) => ({ tag: String(index) + fill.repeat(length), count: index }));

/** Reads all files in order. */
function readFiles(all: readonly ListedTag[]): string[] {
  const files: string[] = [];
  let after: string | undefined;
  do {
    const { text, next } = formatTagsAsCsv(cutPage(all, { prefix: '', limit: number, after }));
    files.push(text);
    after = next;
  } while (after !== undefined);
  return files;
}

it.each([
  ['short tags', make('a', 10), 1],
  ['tags of 500 bytes of Chinese', make('漢', 167), 1],
  ['tags of 500 quotes', make('"', 500, 4_000), 2],
  ['tags of Chinese and quotes', make('漢漢漢"', 50), 2],
])('exports thousands of %s in files that fit a response, each tag once', (_, tags, count) => {
  const files = readFiles(tags);
  expect(files.length).toBe(count);
  for (const text of files) expect(Buffer.byteLength(JSON.stringify(text))).toBeLessThan(maxBytes);
  const lines = files.flatMap((text) => text.split('\r\n').slice(1, -1));
  expect(new Set(lines).size).toBe(tags.length);
  expect(lines.length).toBe(tags.length);
});

it.each(['=1+1', '+1', '-1', '@a', '\uff1d1', '\uff0b1', '\uff0d1', '\uff20a'])(
  'puts an apostrophe before %s, which a spreadsheet would run as a formula',
  (tag) => {
    const { text } = formatTagsAsCsv(
      cutPage([{ tag, count: 1 }], { prefix: '', limit: 1, after: undefined }),
    );
    expect(text).toBe(`tag,count,start\r\n'${tag},1,0\r\n`);
  },
);

it('exports only the column names when there are no tags', () => {
  expect(formatTagsAsCsv(cutPage([], { prefix: '', limit: 1, after: undefined })).text).toBe(
    'tag,count,start\r\n',
  );
});
