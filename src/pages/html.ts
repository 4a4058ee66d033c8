/** A piece of finished HTML. Any other value is escaped before it goes into a page. */
export class Html {
  constructor(readonly text: string) {}
}

type Value = Html | string | number;

/**
 * Makes HTML from a template literal. Values are escaped for text and for quoted attributes; the values of an array are
 * joined.
 */
export function html(literals: TemplateStringsArray, ...values: (Value | Value[])[]): Html {
  const text = literals.reduce((before, literal, index) => before + write(values[index - 1] ?? '') + literal);
  return new Html(text);
}

function write(value: Value | Value[]): string {
  if (Array.isArray(value)) return value.map(write).join('');
  return value instanceof Html ? value.text : escapeHtml(String(value));
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? '');
}
