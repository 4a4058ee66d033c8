/** How a measure spread over the rounds of a run: its median and the middle half. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** @param share 0.5 is the median, 0.99 the value that one in a hundred exceeds */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** Round by round, so that what slows the machine for a while slows both. */
export function ratio(values: readonly number[], others: readonly number[]): number {
  return quantile(
    values.map((value, round) => value / (others[round] ?? NaN)),
    0.5,
  );
}
