import { isObject } from '../json';

/** A filter pattern that AWS rejects, or that this runner does not support. */
export class FilterPatternError extends Error {}

/** Tests a value, which may be missing, against a rule of the pattern. */
type Matcher = (value: unknown) => boolean;
type Scalar = string | number | boolean | null;
/** Turns an operand into a test of one leaf. `exists` is not among these, as it tests missing leaves too. */
type Operator = (operand: unknown, path: string) => (leaf: Scalar) => boolean;

/**
 * Turns the parsed patterns of a mapping's FilterCriteria into one test of a record. A record passes when any
 * pattern matches; without patterns every record passes.
 * The rules are those of Lambda's event filtering (developer guide, "Filter rule syntax").
 * @throws FilterPatternError
 */
export function compileFilters(patterns: readonly unknown[]): (record: unknown) => boolean {
  const matchers = patterns.map((pattern) => compileObject(pattern, ''));
  return matchers.length === 0 ? () => true : (record) => matchers.some((matches) => matches(record));
}

function compileObject(pattern: unknown, path: string): Matcher {
  if (!isObject(pattern)) throw new FilterPatternError(`${describePlace(path)} must be a JSON object`);
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new FilterPatternError(`${describePlace(path)} is an empty object`);

  const rules = entries.map(([key, rule]): Matcher => {
    const place = path === '' ? key : `${path}.${key}`;
    if (key === '$or') return compileAlternatives(rule, path);
    const matches = Array.isArray(rule) ? compileLeaf(rule, place) : compileField(rule, place);
    return (value) => matches(isObject(value) ? value[key] : undefined);
  });
  const matchesAll: Matcher = (value) => rules.every((matches) => matches(value));
  // A list of maps matches when one of its maps does; the conditions never mix two elements.
  return (value) => (Array.isArray(value) && value.length > 0 ? value.some(matchesAll) : matchesAll(value));
}

function compileField(rule: unknown, path: string): Matcher {
  if (!isObject(rule)) throw new FilterPatternError(`"${path}" must be an array or an object`);
  return compileObject(rule, path);
}

function compileAlternatives(alternatives: unknown, path: string): Matcher {
  if (!Array.isArray(alternatives) || alternatives.length < 2)
    throw new FilterPatternError(`"$or" in ${describePlace(path)} must be an array of two or more objects`);
  const matchers = alternatives.map((alternative) => compileObject(alternative, path));
  return (value) => matchers.some((matches) => matches(value));
}

function compileLeaf(rules: unknown[], path: string): Matcher {
  if (rules.length === 0) throw new FilterPatternError(`"${path}" is an empty array`);
  const matchers = rules.map((rule) => compileRule(rule, path));
  return (value) => {
    const leaves = listLeaves(value);
    return matchers.some((matches) => matches(leaves));
  };
}

function compileRule(rule: unknown, path: string): (leaves: Scalar[]) => boolean {
  if (isScalar(rule)) return (leaves) => leaves.includes(rule);
  const [name, operand] = parseOperator(rule, path);
  if (name === 'exists') {
    if (typeof operand !== 'boolean')
      throw new FilterPatternError(`"exists" in "${path}" takes true or false`);
    // AWS looks at leaves only, so a map counts as missing.
    return (leaves) => leaves.length > 0 === operand;
  }
  const operator = operators.get(name);
  if (operator === undefined)
    throw new FilterPatternError(`"${name}" in "${path}" is not an operator of event source mappings`);
  const test = operator(operand, path);
  return (leaves) => leaves.some(test);
}

function parseOperator(rule: unknown, path: string): [name: string, operand: unknown] {
  const entries = isObject(rule) ? Object.entries(rule) : [];
  const [entry] = entries;
  if (entry === undefined || entries.length > 1)
    throw new FilterPatternError(
      `"${path}" must list strings, numbers, booleans, null or objects of one operator each`,
    );
  return entry;
}

const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['prefix', (operand, path) => compileTextTest('prefix', operand, path)],
  ['suffix', (operand, path) => compileTextTest('suffix', operand, path)],
  [
    'equals-ignore-case',
    (operand, path) => {
      const wanted = assertText('equals-ignore-case', operand, path).toLowerCase();
      return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === wanted;
    },
  ],
  ['anything-but', compileAnythingBut],
  ['numeric', compileNumeric],
]);

function compileTextTest(name: 'prefix' | 'suffix', operand: unknown, path: string) {
  const wanted = assertText(name, operand, path);
  return (leaf: Scalar) =>
    typeof leaf === 'string' && (name === 'prefix' ? leaf.startsWith(wanted) : leaf.endsWith(wanted));
}

function compileAnythingBut(operand: unknown, path: string): (leaf: Scalar) => boolean {
  if (isObject(operand)) {
    const [name, text] = parseOperator(operand, path);
    if (name !== 'prefix' && name !== 'suffix')
      throw new FilterPatternError(`"anything-but" in "${path}" takes values, a prefix or a suffix`);
    const excluded = compileTextTest(name, text, path);
    return (leaf) => !excluded(leaf);
  }
  const values: unknown[] = Array.isArray(operand) ? operand : [operand];
  const allOf = (type: 'string' | 'number') => values.every((value) => typeof value === type);
  if (values.length === 0 || !(allOf('string') || allOf('number')))
    throw new FilterPatternError(`"anything-but" in "${path}" takes strings only or numbers only`);
  return (leaf) => !values.includes(leaf);
}

const comparisons: ReadonlyMap<unknown, (leaf: number, bound: number) => boolean> = new Map([
  ['=', (leaf: number, bound: number) => leaf === bound],
  ['<', (leaf: number, bound: number) => leaf < bound],
  ['<=', (leaf: number, bound: number) => leaf <= bound],
  ['>', (leaf: number, bound: number) => leaf > bound],
  ['>=', (leaf: number, bound: number) => leaf >= bound],
]);

/** `["=", 5]`, `[">", 0]` or a range `[">", 0, "<=", 5]`. Never true of a DynamoDB `N`, whose JSON is a string. */
function compileNumeric(operand: unknown, path: string): (leaf: Scalar) => boolean {
  const parts: unknown[] = Array.isArray(operand) ? operand : [];
  const tests: ((leaf: number) => boolean)[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = comparisons.get(parts[index]);
    const bound = parts[index + 1];
    if (compare !== undefined && typeof bound === 'number') tests.push((leaf) => compare(leaf, bound));
  }
  const isRange = /^>=?$/.test(String(parts[0])) && /^<=?$/.test(String(parts[2]));
  const isWellFormed =
    parts.length === tests.length * 2 && (tests.length === 1 || (tests.length === 2 && isRange));
  if (!isWellFormed)
    throw new FilterPatternError(
      `"numeric" in "${path}" takes an operator and a number, such as ["=", 5] or [">", 0, "<=", 5]`,
    );
  return (leaf) => typeof leaf === 'number' && tests.every((test) => test(leaf));
}

function assertText(name: string, operand: unknown, path: string): string {
  if (typeof operand !== 'string') throw new FilterPatternError(`"${name}" in "${path}" takes a string`);
  return operand;
}

/** The leaves of a list are those of its elements; a map has no leaf. */
function listLeaves(value: unknown): Scalar[] {
  if (Array.isArray(value)) return value.flatMap(listLeaves);
  return isScalar(value) ? [value] : [];
}

function isScalar(value: unknown): value is Scalar {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

function describePlace(path: string): string {
  return path === '' ? 'the pattern' : `"${path}"`;
}
