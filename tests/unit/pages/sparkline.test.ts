import { drawSparkline } from '../../../src/pages/sparkline';

const pointsOf = (values: number[]) => /points="([^"]*)"/.exec(drawSparkline(values).text)?.[1];

describe('A sparkline', () => {
  it.each([
    [[0, 5, 10], '0,18 1,10 2,2'],
    [[10, 10], '0,2 1,2'],
    [[7], '0,2 1,2'],
    [[0, 0, 0], '0,18 1,18 2,18'],
    [[], ''],
  ])('of %j has 0 at the bottom and the highest value at the top', (values, points) => {
    expect(pointsOf(values)).toBe(points);
  });

  it('is hidden from screen readers', () => {
    expect(drawSparkline([1, 2]).text).toContain('aria-hidden="true"');
  });
});
