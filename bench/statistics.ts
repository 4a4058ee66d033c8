/** The spread of a measure over the rounds of a run: the median and the quartiles. */
export interface Spread {
  median: number;
  low: number;
  high: number;
}

/** @param share 0.5 for the median, 0.99 for the value that one in a hundred exceeds */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

export function spread(values: readonly number[]): Spread {
  return { median: quantile(values, 0.5), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The median of the ratios of each round: a slow phase of the machine slows both sides of a round. */
export function ratio(values: readonly number[], others: readonly number[]): number {
  return quantile(
    values.map((value, round) => value / (others[round] ?? NaN)),
    0.5,
  );
}
