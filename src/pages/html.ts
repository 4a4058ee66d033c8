/** Text that is HTML already; anything else is escaped before it stands in a page. */
export class Html {
  constructor(readonly text: string) {}
}

/** Makes HTML of a template literal. What is put in is escaped, for text and for quoted attributes alike. */
export function html(literals: TemplateStringsArray, ...values: (Html | Html[] | string | number)[]): Html {
  const text = literals.reduce((before, literal, index) => {
    const value = values[index - 1] ?? '';
    return before + textOf(value) + literal;
  });
  return new Html(text);
}

function textOf(value: Html | Html[] | string | number): string {
  if (value instanceof Html) return value.text;
  return Array.isArray(value) ? value.map(textOf).join('\n') : escapeHtml(String(value));
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
