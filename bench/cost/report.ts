import { drawBill, drawIdleBill, modelBatches, type Architecture, type Door } from './bill';
import type { Measured } from './measure';
import { comparable, priceOf, prices, region, sumUp, sumUpBeyondFree, takenOn, type Line } from './prices';

const volumes = [10_000, 1_000_000, 100_000_000];

const doors: [Door, string][] = [
  ['web', 'web door'],
  ['page', 'page door'],
  ['pageWithScript', 'page door, script fetched anew each time'],
];

/** Lines that cost less at all volumes are in the sums alone. */
const leastShown = 0.0001;

const deployed: Architecture = 'arm64';

type Row = [string, ...string[]];

/** The few numbers that the README shows. */
export function summarize(measured: Measured): string {
  const bill = (door: Door, visitsPerMonth: number) =>
    drawBill({ door, visitsPerMonth, architecture: deployed }, measured);
  const row = (name: string, cell: (visits: number) => string): Row => [name, ...volumes.map(cell)];
  return formatTable([
    ['US dollars, arm64', ...volumes.map((visits) => `${visits.toLocaleString('en')} visits a month`)],
    ...doors.map(([door, name]) => row(`${name}, a month`, (v) => formatDollars(sumUp(bill(door, v))))),
    ...doors
      .slice(0, 2)
      .map(([door, name]) =>
        row(`${name}, a million visits`, (v) => formatDollars((sumUp(bill(door, v)) / v) * 1e6)),
      ),
    ...doors
      .slice(0, 2)
      .map(([door, name]) =>
        row(`${name}, a month, less the free tier`, (v) => formatDollars(sumUpBeyondFree(bill(door, v)))),
      ),
    row('of it all, standing idle', () => formatDollars(sumUp(drawIdleBill(measured, deployed)))),
    ...comparable.map(({ system, dollarsAMonth }) =>
      row(`${system}, a month`, (v) => formatDollars(dollarsAMonth[String(v) as keyof typeof dollarsAMonth])),
    ),
  ]);
}

/** Every line of every bill, and what it was reckoned from. */
export function itemize(measured: Measured): string {
  const sections = [
    'A month in US dollars, line by line, on arm64. Lines below a hundredth of a cent at each volume are in the sums alone.',
    ...doors.map(([door, name]) => `**${capitalize(name)}**\n\n${itemizeDoor(door, measured)}`),
    'How visits come in batches, spread evenly over the month and over 100 tags:',
    formatTable([
      ['visits a month', 'visits a batch', 'write units a visit', 'read units a visit', 'conflicts'],
      ...volumes.map((visits): Row => {
        const batches = modelBatches(visits);
        const perVisit = (units: number) => (units / batches.visits).toFixed(3);
        return [
          visits.toLocaleString('en'),
          batches.visits.toFixed(2),
          perVisit(batches.write),
          perVisit(batches.read),
          `${(batches.conflictShare * 100).toFixed(2)} %`,
        ];
      }),
    ]),
    `List prices of ${region}, taken on ${takenOn}:`,
    formatTable([
      ['price', 'dollars', 'for', 'free a month, for good', 'read in'],
      ...Object.entries(prices).map(([name, price]): Row => [
        `[${name}](${price.page})`,
        String(price.dollars),
        `${price.per.toLocaleString('en')} ${price.unit}`,
        (price.freePerMonth ?? 0).toLocaleString('en'),
        price.foundIn ?? 'nowhere; well known',
      ]),
    ]),
  ];
  return sections.join('\n\n');
}

function itemizeDoor(door: Door, measured: Measured): string {
  const draw = (visitsPerMonth: number, architecture: Architecture) =>
    drawBill({ door, visitsPerMonth, architecture }, measured);
  const bills = volumes.map((visits) => draw(visits, deployed));
  const x86 = volumes.map((visits) => draw(visits, 'x86_64'));
  const twice = bills.map((lines) => sumUp(lines.map(doubleDuration)));
  const rows = (bills[0] ?? [])
    .map(({ what }, index) => ({
      what,
      dollars: bills.flatMap((lines) => lines.slice(index, index + 1)).map(priceOf),
    }))
    // The rest of that bill is the page door's, which stands above it.
    .filter(({ what }) => door !== 'pageWithScript' || what.startsWith('script'))
    .filter(({ dollars }) => dollars.some((amount) => amount >= leastShown))
    .map(({ what, dollars }): Row => [what, ...dollars.map((amount) => formatDollars(amount, 4))]);
  return formatTable([
    ['', ...volumes.map((visits) => visits.toLocaleString('en'))],
    ...rows,
    ['**together**', ...bills.map((lines) => `**${formatDollars(sumUp(lines))}**`)],
    ['on x86_64', ...x86.map((lines) => formatDollars(sumUp(lines)))],
    ['less the free tier', ...bills.map((lines) => formatDollars(sumUpBeyondFree(lines)))],
    ['if all took twice as long', ...twice.map((sum) => formatDollars(sum))],
  ]);
}

function doubleDuration(line: Line): Line {
  const isDuration = line.price === 'lambdaArm' || line.price === 'lambdaX86';
  return isDuration ? { ...line, quantity: line.quantity * 2 } : line;
}

/** As prettier would write it, so that it may stand in a file that prettier checks. */
function formatTable([head = [''], ...rows]: Row[]): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const isText = (column: number) => column === 0 || rows.some((row) => /^[a-z]/i.test(row[column] ?? ''));
  const pad = (cell: string, column: number) =>
    isText(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0);
  const rule = widths.map((width, column) =>
    isText(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [head, rule, ...rows].map((row) => `| ${row.map(pad).join(' | ')} |`).join('\n');
}

function formatDollars(dollars: number, digits = 2): string {
  return dollars.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
