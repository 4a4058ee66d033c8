import table from './prices.json';

export type PriceName = keyof typeof table.prices;

/** A list price of us-east-1, and where it stands. */
export interface Price {
  dollars: number;
  /** So many units cost it. */
  per: number;
  unit: string;
  /** Free for every account, every month, for good. What ends after a year is not free here. */
  freePerMonth?: number;
  /** AWS's own page. */
  page: string;
  /** Where the number was read, and of when that is. */
  foundIn?: string;
  /** Read nowhere: it stands here as everybody knows it. */
  wellKnown?: boolean;
}

export const prices: Record<PriceName, Price> = table.prices;
export const { region, takenOn, comparable } = table;

/** A line of a bill: a quantity of something that has a price. */
export interface Line {
  what: string;
  price: PriceName;
  quantity: number;
}

/** @returns dollars by the list */
export function priceOf({ price, quantity }: Line): number {
  const { dollars, per } = prices[price];
  return (quantity * dollars) / per;
}

export function sumUp(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + priceOf(line), 0);
}

/** What is left once the account's free tier has been used up, by nothing but Footfall. */
export function sumUpBeyondFree(lines: readonly Line[]): number {
  const used = new Map<PriceName, number>();
  for (const { price, quantity } of lines) used.set(price, (used.get(price) ?? 0) + quantity);
  return [...used].reduce((sum, [price, quantity]) => {
    const beyond = Math.max(0, quantity - (prices[price].freePerMonth ?? 0));
    return sum + priceOf({ what: '', price, quantity: beyond });
  }, 0);
}
