/** Widths of the characters from space to tilde in Verdana at 11 px, the font of badges. */
const asciiWidths = [
  3.87, 4.33, 5.05, 9, 6.99, 11.84, 7.99, 2.95, 5, 5, 6.99, 9, 4, 5, 4, 5, 6.99, 6.99, 6.99, 6.99, 6.99, 6.99,
  6.99, 6.99, 6.99, 6.99, 5, 5, 9, 9, 9, 6, 11, 7.52, 7.54, 7.68, 8.48, 6.96, 6.32, 8.53, 8.27, 4.63, 5, 7.62,
  6.12, 9.27, 8.23, 8.66, 6.63, 8.66, 7.65, 7.52, 6.78, 8.05, 7.52, 10.88, 7.54, 6.77, 7.54, 5, 5, 5, 9, 6.99,
  6.99, 6.61, 6.85, 5.73, 6.85, 6.55, 3.87, 6.85, 6.96, 3.02, 3.79, 6.51, 3.02, 10.7, 6.96, 6.68, 6.85, 6.85,
  4.69, 5.73, 4.33, 6.96, 6.51, 9, 6.51, 6.51, 5.78, 6.98, 5, 6.98, 9,
];

/** Emoji, Chinese, Japanese and Korean. Verdana has none of them; the fallback fonts draw them as squares. */
const squares =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303F\uFF01-\uFF60])/u;
const squareWidth = 13;

/** An estimate for letters of Greek, Cyrillic, Hebrew or Arabic. */
const otherWidth = 7.2;

const printableAscii = /^[ -~]*$/;
let graphemes: Intl.Segmenter | undefined;

/** Most labels are ASCII, where each character is a grapheme. Creating a process's first segmenter takes 17 ms. */
function splitGraphemes(text: string): string[] {
  if (printableAscii.test(text)) return Array.from(text);
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/** The width of a text in pixels, and whether it is exact or an estimate. */
export interface TextWidth {
  pixels: number;
  isExact: boolean;
}

/** Measures graphemes: an accent adds no width, and a joined emoji is as wide as a single one. */
export function measureText(text: string): TextWidth {
  const measured: TextWidth = { pixels: 0, isExact: true };
  for (const segment of splitGraphemes(text)) {
    const base = segment.normalize('NFD');
    const width = asciiWidths[base.charCodeAt(0) - 0x20];
    measured.pixels += width ?? (squares.test(segment) ? squareWidth : otherWidth);
    measured.isExact &&= width !== undefined;
  }
  return measured;
}
