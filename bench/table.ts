/**
 * A Markdown table, aligned as prettier aligns it, because docs/ and the README hold copies.
 * The first column and columns of words are left-aligned.
 */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = head.map((title, index) => {
    const cells = rows.map((row) => row[index] ?? '');
    const width = Math.max(3, title.length, ...cells.map((cell) => cell.length));
    return { width, isText: index === 0 || cells.some((cell) => /^[a-z]/i.test(cell)) };
  });
  const rule = columns.map(({ width, isText }) => (isText ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  const formatRow = (cells: readonly string[]) => {
    const padded = columns.map(({ width, isText }, index) =>
      isText ? (cells[index] ?? '').padEnd(width) : (cells[index] ?? '').padStart(width),
    );
    return `| ${padded.join(' | ')} |`;
  };
  return [head, rule, ...rows].map(formatRow).join('\n');
}

export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
