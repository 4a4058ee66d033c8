import { defaultLook, parseBadgeLook } from '../../../src/web/badgeParameters';
import { BadRequestError, parseRequest } from '../../../src/http/request';
import { drawBadge } from '../../../src/pages/badge';
import { measureText } from '../../../src/pages/textWidth';
import { httpEvent } from '../../support/events';

function draw(query: string, count = 1_234_567): string {
  const request = parseRequest(httpEvent({ route: '/badge.svg', path: '/badge.svg', query }));
  const { formatCount, ...look } = parseBadgeLook(request);
  return drawBadge({ ...look, message: formatCount(count) });
}

const titleOf = (svg: string) => /<title>([^]*)<\/title>/.exec(svg)?.[1];
const widthOf = (svg: string) => Number(/^<svg [^>]*? width="(\d+)"/.exec(svg)?.[1]);
const fillsOf = (svg: string) => [...svg.matchAll(/<rect[^>]* fill="(#\w{6})"/g)].map(([, fill]) => fill);

describe('A badge', () => {
  it('shows its label and number, also to screen readers', () => {
    const svg = draw('');
    expect(titleOf(svg)).toBe('visits: 1,234,567');
    expect(svg).toMatch(
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img" aria-label="visits: 1,234,567">/,
    );
    expect(svg.match(/>visits<\/text>/g)).toHaveLength(2);
    expect(svg.match(/>1,234,567<\/text>/g)).toHaveLength(2);
  });

  it.each([
    ['plain', 1_234_567, '1234567'],
    ['grouped', 1_234_567, '1,234,567'],
    ['compact', 1_234_567, '1.2M'],
    ['compact', 1_999, '1.9K'],
    ['compact', 999, '999'],
    ['plain', 1e15, '1000000000000000'],
    ['grouped', 1e15, '1,000,000,000,000,000'],
    ['compact', 1e15, '1000T'],
    ['grouped', 0, '0'],
  ])('in format %s shows %d as %s', (format, count, shown) => {
    expect(titleOf(draw(`format=${format}`, count))).toBe(`visits: ${shown}`);
  });

  it.each([
    ['color=red', '#e05d44'],
    ['colour=red', '#e05d44'],
    ['color=4c1', '#44cc11'],
    ['color=%234C1', '#44cc11'],
    ['color=00ff7f', '#00ff7f'],
  ])('takes its color from %s', (query, color) => {
    expect(fillsOf(draw(query))).toEqual(['#555555', color]);
    expect(fillsOf(draw(query.replace(/colou?r/, (name) => `label${name.replace('c', 'C')}`)))).toEqual([
      color,
      '#007ec6',
    ]);
  });

  it('has dark text on a light background', () => {
    expect(draw('color=fff')).toContain('fill="#333">1,234,567</text>');
    expect(draw('color=000')).toContain('fill="#fff">1,234,567</text>');
  });

  it('has round corners and a shade in the style flat, and neither in flat-square', () => {
    expect(draw('style=flat')).toMatch(/rx="3"[^]*url\(#shade\)/);
    const square = draw('style=flat-square');
    expect(square).not.toContain('rx="3"');
    expect(square).not.toContain('shade');
  });

  it('without a label shows only its number', () => {
    const svg = draw('label=');
    expect(titleOf(svg)).toBe('1,234,567');
    expect(svg.match(/<text/g)).toHaveLength(2);
    expect(widthOf(svg)).toBe(Math.round(measureText('1,234,567').pixels) + 10);
  });

  it.each(['"><script>alert(1)</script>', "' onload='alert(1)", '</title></svg>', '&amp;<!--', ']]>'])(
    'shows the label %s as text',
    (label) => {
      const svg = draw(`label=${encodeURIComponent(label)}`);
      const escaped = label
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/"/g, '&quot;')
        .replace(/'/g, '&#39;');
      expect(titleOf(svg)).toBe(`${escaped}: 1,234,567`);
      expect(svg.split('<').map((part) => part.split(/[\s>]/)[0])).toEqual(
        draw('')
          .split('<')
          .map((part) => part.split(/[\s>]/)[0]),
      );
    },
  );

  it.each(['ביקורים', 'زيارات', '訪問者', 'посещения', '👩‍👩‍👧 visits', '\u202Eevil'])(
    'makes room for the label %s without compressing its letters',
    (label) => {
      const svg = draw(`label=${encodeURIComponent(label)}`);
      expect(svg).toMatch(new RegExp(`<text (?![^>]*textLength)[^>]*>${label}</text>`));
      expect(svg).toMatch(/<text [^>]*textLength="\d+"[^>]*>1,234,567<\/text>/);
      expect(widthOf(svg)).toBeGreaterThan(widthOf(draw('label=')) + 10);
    },
  );
});

describe('The width of a text', () => {
  it('is its width in Verdana at 11 px, and accents add nothing', () => {
    expect(measureText('visits').pixels).toBeCloseTo(6.51 + 3.02 + 5.73 + 3.02 + 4.33 + 5.73);
    expect(measureText('été')).toEqual(measureText('ete'));
    expect(measureText('e\u0301t\u00e9')).toEqual(measureText('ete'));
  });

  it('is an estimate for graphemes that Verdana lacks', () => {
    const family = measureText('👩‍👩‍👧');
    expect(family).toEqual({ ...measureText('訪'), isExact: false });
    expect(measureText('訪問').pixels).toBe(2 * family.pixels);
  });
});

describe('A badge request', () => {
  it.each([
    ['color=', '`color` must be a color such as blue or 4c1.'],
    ['color=constructor', '`color` must be a color such as blue or 4c1.'],
    ['color=12345', '`color` must be a color such as blue or 4c1.'],
    ['color=red%22%20onload=%22alert(1)', '`color` must be a color such as blue or 4c1.'],
    ['labelColor=url(%23a)', '`labelColor` must be a color such as blue or 4c1.'],
    ['style=plastic', '`style` must be flat or flat-square.'],
    ['format=roman', '`format` must be one of plain, grouped, compact.'],
    [`label=${'x'.repeat(101)}`, 'The label is longer than 100 characters.'],
    [`label=${'x'.repeat(10_000)}`, 'The label is longer than 100 characters.'],
    ['label=a%00b', 'The label contains a control character.'],
    ['label=a%EF%BF%BEb', 'The label contains a control character.'],
    ['label=%ff', 'The address has broken percent-encoding.'],
  ])('with %s is refused with the sentence "%s"', (query, sentence) => {
    expect(() => draw(query)).toThrow(new BadRequestError(sentence));
  });

  it('may have a label of 100 characters, counted as code points', () => {
    expect(titleOf(draw(`label=${encodeURIComponent('🎉'.repeat(100))}`))).toContain('🎉: 1,234,567');
  });

  it('without parameters draws the default badge', () => {
    const { formatCount, ...look } = defaultLook;
    expect(drawBadge({ ...look, message: formatCount(1) })).toBe(draw('', 1));
  });
});
