/** An item as DynamoDB's JSON has it, as far as Footfall reads it: text and numbers. */
export type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string } | undefined>>;

/** An attribute is missing or has another type: something other than Footfall wrote the item. */
export class BrokenItemError extends Error {
  constructor(name: string, expected: string, found: unknown) {
    super(`The attribute ${name} must be ${expected}, but is ${JSON.stringify(found)}.`);
  }
}

/**
 * Reads a whole number that a double holds exactly.
 * @param absent the value where the attribute does not exist; without it, the attribute must exist
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

/** A tag's count; a tag that was never visited, with an item or without, has 0. @throws BrokenItemError */
export function readCount(item: Item): number {
  return readInteger(item, 'Count', 0);
}
