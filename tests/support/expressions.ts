import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { isDeepStrictEqual } from 'node:util';

export type Item = Record<string, AttributeValue>;

/** The names and values that an expression refers to. */
export interface ExpressionContext {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

/** The in-memory tables support only the forms of expression that Footfall uses. */
export class UnknownExpressionError extends Error {}

/** Evaluates a condition made of clauses joined by AND: `attribute_exists(x)`, `attribute_not_exists(x)`, `x = :y`. */
export function holds(
  condition: string | undefined,
  item: Item | undefined,
  context: ExpressionContext,
): boolean {
  if (condition === undefined) return true;
  return condition.split(' AND ').every((clause) => {
    const existence = /^attribute_(not_)?exists\((\S+)\)$/.exec(clause);
    if (existence) {
      const present = item?.[nameOf(existence[2], context)] !== undefined;
      return existence[1] === undefined ? present : !present;
    }
    const equality = /^(\S+) = (\S+)$/.exec(clause);
    if (!equality) throw new UnknownExpressionError(clause);
    const actual = item?.[nameOf(equality[1], context)];
    return actual !== undefined && isDeepStrictEqual(actual, valueOf(equality[2], context));
  });
}

/** Applies SET (a value, or `if_not_exists(a, :b)`), ADD and REMOVE; each reads the item as it was before. */
export function update(
  expression: string,
  key: Item,
  before: Item | undefined,
  context: ExpressionContext,
): Item {
  const after: Item = { ...(before ?? key) };
  for (const section of expression.split(/ (?=(?:SET|ADD|REMOVE) )/)) {
    const [, verb, list = ''] = /^(SET|ADD|REMOVE) (.+)$/.exec(section) ?? [];
    for (const action of list.split(/, (?![^(]*\))/)) {
      const [target = '', ...rest] = action.split(' ');
      const name = nameOf(target, context);
      if (verb === 'REMOVE') Reflect.deleteProperty(after, name);
      else if (verb === 'ADD')
        after[name] = { N: `${numberIn(before?.[name]) + numberIn(valueOf(rest[0], context))}` };
      else if (verb === 'SET' && rest[0] === '=')
        after[name] = evaluate(rest.slice(1).join(' '), before, context);
      else throw new UnknownExpressionError(expression);
    }
  }
  return after;
}

function evaluate(operand: string, before: Item | undefined, context: ExpressionContext): AttributeValue {
  const fallback = /^if_not_exists\((\S+), (\S+)\)$/.exec(operand);
  if (!fallback) return valueOf(operand, context);
  return before?.[nameOf(fallback[1], context)] ?? valueOf(fallback[2], context);
}

function numberIn(attribute: AttributeValue | undefined): number {
  if (attribute === undefined) return 0;
  if (attribute.N === undefined) throw new UnknownExpressionError('ADD to an attribute that is not a number');
  return Number(attribute.N);
}

function nameOf(text: string | undefined, { ExpressionAttributeNames }: ExpressionContext): string {
  if (text?.startsWith('#') !== true) return text ?? '';
  const name = ExpressionAttributeNames?.[text];
  if (name === undefined) throw new UnknownExpressionError(`${text} is not given`);
  return name;
}

function valueOf(text: string | undefined, { ExpressionAttributeValues }: ExpressionContext): AttributeValue {
  const value = ExpressionAttributeValues?.[text ?? ''];
  if (value === undefined) throw new UnknownExpressionError(`${String(text)} is not given`);
  return value;
}
