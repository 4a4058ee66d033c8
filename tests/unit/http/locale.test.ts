import { chooseLocale } from '../../../src/http/locale';
import { createFormats } from '../../../src/pages/formats';

describe("The reader's language", () => {
  it.each([
    [undefined, 'en'],
    ['', 'en'],
    ['*', 'en'],
    ['de-AT, de;q=0.8, en;q=0.5', 'de-AT'],
    ['en;q=0.5, fr', 'fr'],
    ['fr;q=0, es', 'es'],
    ['tlh, nl;q=0.9', 'nl'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['de-DE-u-nu-thai-ca-buddhist', 'de-DE'],
    ['_, <script>, ../../etc, ja;q=0.1', 'ja'],
    [`${'x'.repeat(100_000)}, de`, 'en'],
  ])('for Accept-Language %j is %s', (header, locale) => {
    expect(chooseLocale(header)).toBe(locale);
  });
});

describe('Numbers and days', () => {
  // The kinds of spaces differ between versions of Node.js.
  const plain = (text: string) => text.replace(/\s/g, '');

  it.each([
    ['en', '1,234,567', '1.2M', 'Feb28', 'Feb28–Mar1,2024'],
    ['de', '1.234.567', '1,2Mio.', '28.Feb.', '28.02.–01.03.2024'],
    ['fr', '1234567', '1,2M', '28févr.', '28févr.–1mars2024'],
    ['th', '1,234,567', '1.2M', '28ก.พ.', '28ก.พ.–1มี.ค.2024'],
  ])(
    'follow the conventions of %s, with Gregorian dates as in URLs',
    (locale, number, compact, day, days) => {
      const formats = createFormats(locale);
      const written = [
        formats.number(1_234_567),
        formats.compact(1_234_567),
        formats.shortDay('2024-02-28'),
        formats.days('2024-02-28', '2024-03-01'),
      ];
      expect(written.map(plain)).toEqual([number, compact, day, days]);
    },
  );
});
