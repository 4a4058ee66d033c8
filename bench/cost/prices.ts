import table from './prices.json';

export type PriceName = keyof typeof table.prices;

/** A list price of us-east-1 and its source. */
export interface Price {
  dollars: number;
  /** The price is for this many units. */
  per: number;
  unit: string;
  /** The permanent free tier of every account. Free tiers that end after a year are left out. */
  freePerMonth?: number;
  /** AWS's pricing page. */
  page: string;
  /** Where the number was read, and the date of that text. */
  foundIn?: string;
  /** The number is commonly known and was read nowhere. */
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

/** @returns dollars at the list price */
export function priceOf({ price, quantity }: Omit<Line, 'what'>): number {
  const { dollars, per } = prices[price];
  return (quantity * dollars) / per;
}

export function sumUp(lines: readonly Line[]): number {
  return lines.reduce((sum, line) => sum + priceOf(line), 0);
}

/** The sum after the free tier, in an account that runs nothing but Footfall. */
export function sumUpBeyondFree(lines: readonly Line[]): number {
  const used = new Map<PriceName, number>();
  for (const { price, quantity } of lines) used.set(price, (used.get(price) ?? 0) + quantity);
  return [...used].reduce((sum, [price, quantity]) => {
    const charged = Math.max(0, quantity - (prices[price].freePerMonth ?? 0));
    return sum + priceOf({ price, quantity: charged });
  }, 0);
}
