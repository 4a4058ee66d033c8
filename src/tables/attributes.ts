/** A DynamoDB item, limited to the types that Footfall reads: text and numbers. */
export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** An attribute is missing or has another type: something other than Footfall wrote the item. */
export class BrokenItemError extends Error {
  /** The log gets the message, so it has the type of the attribute and never its value. */
  constructor(name: string, expected: string, found: object | undefined) {
    const problem = found ? `has the type ${Object.keys(found).join()}` : 'is missing';
    super(`The attribute ${name} must be ${expected}; it ${problem}.`);
  }
}

/**
 * Reads a whole number that a double holds exactly.
 * @param absent the value for a missing attribute; without it, a missing attribute is an error
 * @throws BrokenItemError
 */
export function readInteger(item: Item, name: string, absent?: number): number {
  const attribute = item[name];
  if (attribute === undefined && absent !== undefined) return absent;
  const value = Number(attribute?.N ?? NaN);
  if (!Number.isSafeInteger(value)) throw new BrokenItemError(name, 'a whole number', attribute);
  return value;
}

/** @throws BrokenItemError where there is no text */
export function readText(item: Item, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw new BrokenItemError(name, 'text', item[name]);
  return text;
}

/** Reads a tag's count: 0 for a tag that was never visited. @throws BrokenItemError */
export function readCount(item: Item): number {
  return readInteger(item, 'Count', 0);
}
