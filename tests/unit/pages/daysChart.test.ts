import { drawDaysChart } from '../../../src/pages/daysChart';
import { createFormats } from '../../../src/pages/formats';

const formats = createFormats('en');

/** Days with these visits, the last on 2026-11-21. */
function listDays(visits: number[]): { day: string; visits: number }[] {
  const lastMs = Date.UTC(2026, 10, 21);
  return visits.map((value, index) => ({
    day: new Date(lastMs - (visits.length - 1 - index) * 86_400_000).toISOString().slice(0, 10),
    visits: value,
  }));
}

function draw(visits: number[]) {
  const text = drawDaysChart(listDays(visits), { title: 'Visits', formats }).text.replace(
    /[\u2009\u202f]/g,
    ' ',
  );
  const all = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);
  const [scale = '', span = ''] = all(/aria-hidden="true">(.*?)<\/div>/g);
  return {
    text,
    scale: scale
      .replace(/<\/?span>/g, ' ')
      .trim()
      .split(/ +/),
    span: span.replace(/<\/?span>/g, '|').split('||'),
    shapes: all(/class="bars" d="([^"]*)"/g).join(''),
    tooltips: all(/<title>(.*?)<\/title>/g),
    rows: all(/<tr>(<td>.*)/g),
    label: all(/aria-label="(.*?)"/g)[0],
  };
}

describe('The chart of the days', () => {
  it('shows the same numbers as bars, tooltips, text and a table', () => {
    const { shapes, tooltips, rows, label, text } = draw([1, 0, 4, 2]);
    expect(shapes.match(/M/g)).toHaveLength(3);
    expect(tooltips).toEqual(['Nov 18, 2026: 1', 'Nov 19, 2026: 0', 'Nov 20, 2026: 4', 'Nov 21, 2026: 2']);
    expect(rows[0]).toBe('<td>Nov 21, 2026<td class="number">2');
    expect(label).toBe('Nov 18 – 21, 2026: 7 total visits, peak 4 (Nov 20, 2026).');
    expect(text).toContain('Visits by day');
  });

  it('draws each bar in proportion to the top of the scale', () => {
    const { scale, shapes } = draw([0, 0, 0, 0, 0, 50, 100]);
    expect(scale).toEqual(['100', '80', '60', '40', '20', '0']);
    expect(shapes).toBe('M5.1 100V50h0.8V100zM6.1 100V0h0.8V100z');
  });

  it.each([
    [[0], ['1', '0']],
    [[1], ['1', '0']],
    [[3], ['3', '2', '1', '0']],
    [[7], ['8', '6', '4', '2', '0']],
    [[1_234_567], ['1.4M', '1.2M', '1M', '800K', '600K', '400K', '200K', '0']],
    [[Number.MAX_SAFE_INTEGER], ['10,000T', '8000T', '6000T', '4000T', '2000T', '0']],
  ])('has a scale of even, whole steps for %j', (visits, scale) => {
    expect(draw(visits).scale).toEqual(scale);
  });

  it('keeps a bar for one visit visible next to one for a million', () => {
    expect(draw([1, 1_000_000]).shapes).toContain('M0.39 100V99h');
  });

  it('does not stretch a single day to the full width', () => {
    expect(draw([5]).shapes).toBe('M0.44 100V0h0.11V100z');
    expect(draw([5]).span).toEqual(['|Nov 21|']);
  });

  it('draws no bars and writes "no visits" for days without visits', () => {
    const { shapes, label, text } = draw([0, 0, 0]);
    expect([shapes, label]).toEqual(['', 'Nov 19 – 21, 2026: no visits.']);
    expect(text).toContain('UTC: no visits');
  });

  it('writes a sentence instead of a chart for an empty range', () => {
    expect(draw([]).text).toBe('<p>There are no days to show.</p>');
  });

  it('has one bar per day up to 92 days', () => {
    expect(draw(Array<number>(92).fill(1)).tooltips).toHaveLength(92);
  });

  it('has one bar per week beyond 92 days, with a complete last week and every visit', () => {
    const { tooltips, rows, label, text, span } = draw(Array<number>(366).fill(1));
    expect(tooltips).toHaveLength(53);
    expect(tooltips[0]).toBe('Nov 21 – 22, 2025: 2');
    expect(tooltips.at(-1)).toBe('Nov 15 – 21, 2026: 7');
    expect(rows).toHaveLength(53);
    expect(label).toContain('366 total visits');
    expect(text).toContain('Visits by week');
    expect(span).toEqual(['|Nov 21', 'May 17', 'Nov 21|']);
  });

  it('escapes its title', () => {
    const { text } = drawDaysChart(listDays([1]), { title: '<b>"', formats });
    expect(text).toContain('&lt;b&gt;&quot;');
    expect(text).not.toContain('<b>');
  });
});
