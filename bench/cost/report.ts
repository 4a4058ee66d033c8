import { formatNumber, formatTable } from '../table';
import { drawBill, drawIdleBill, modelBatches, type Api, type Architecture, type Measured } from './bill';
import { comparable, priceOf, prices, region, sumUp, sumUpBeyondFree, takenOn, type Line } from './prices';

const volumes = [10_000, 1_000_000, 100_000_000];

const apis: [Api, string][] = [
  ['web', 'web API'],
  ['beacon', 'beacon API'],
  ['beaconWithScript', 'beacon API, script fetched at every visit'],
];

/** Lines that stay below this at every volume are only in the sums. */
const minShownDollars = 0.0001;

const deployed: Architecture = 'arm64';

/** The README's table. */
export function summarize(measured: Measured): string {
  const bill = (api: Api, visitsPerMonth: number) =>
    drawBill({ api, visitsPerMonth, architecture: deployed }, measured);
  const row = (name: string, dollars: (visits: number) => number) => [
    name,
    ...volumes.map((visits) => formatNumber(dollars(visits), 2)),
  ];
  const plainApis = apis.slice(0, 2);
  return formatTable(
    ['US dollars, arm64', ...volumes.map((visits) => `${formatNumber(visits)} visits a month`)],
    [
      ...apis.map(([api, name]) => row(`${name}, a month`, (v) => sumUp(bill(api, v)))),
      ...plainApis.map(([api, name]) =>
        row(`${name}, per million visits`, (v) => (sumUp(bill(api, v)) / v) * 1e6),
      ),
      ...plainApis.map(([api, name]) =>
        row(`${name}, a month, after the free tier`, (v) => sumUpBeyondFree(bill(api, v))),
      ),
      row('fixed costs, included above', () => sumUp(drawIdleBill(measured, deployed))),
      ...comparable.map(({ system, dollarsAMonth }) =>
        row(`${system}, a month`, (v) => dollarsAMonth[String(v) as keyof typeof dollarsAMonth]),
      ),
    ],
  );
}

/** The tables of docs/decisions/cost.md: every line of every bill, the batches and the prices. */
export function itemize(measured: Measured): string {
  return [
    'Monthly cost in US dollars, line by line, on arm64. Lines below a hundredth of a cent at every volume are only in the totals.',
    ...apis.map(([api, name]) => `**${capitalize(name)}**\n\n${itemizeApi(api, measured)}`),
    'Batches, with visits spread evenly over the month and over 100 tags:',
    formatBatches(),
    `List prices in ${region} on ${takenOn}:`,
    formatPrices(),
  ].join('\n\n');
}

function itemizeApi(api: Api, measured: Measured): string {
  const draw = (architecture: Architecture) =>
    volumes.map((visitsPerMonth) => drawBill({ api, visitsPerMonth, architecture }, measured));
  const bills = draw(deployed);
  const lines = (bills[0] ?? [])
    .map(({ what }, index) => ({
      what,
      dollars: bills.flatMap((bill) => bill.slice(index, index + 1)).map(priceOf),
    }))
    // The other lines are those of the beacon API's own table.
    .filter(({ what }) => api !== 'beaconWithScript' || what.startsWith('script'))
    .filter(({ dollars }) => dollars.some((amount) => amount >= minShownDollars));
  const sums = (sum: (bill: Line[]) => number, ofBills = bills) =>
    ofBills.map((bill) => formatNumber(sum(bill), 2));
  return formatTable(
    ['', ...volumes.map((visits) => formatNumber(visits))],
    [
      ...lines.map(({ what, dollars }) => [what, ...dollars.map((amount) => formatNumber(amount, 4))]),
      ['**total**', ...sums(sumUp).map((sum) => `**${sum}**`)],
      ['on x86_64', ...sums(sumUp, draw('x86_64'))],
      ['after the free tier', ...sums(sumUpBeyondFree)],
      ['with all durations doubled', ...sums((bill) => sumUp(bill.map(doubleDuration)))],
    ],
  );
}

function doubleDuration(line: Line): Line {
  const isDuration = line.price === 'lambdaArm' || line.price === 'lambdaX86';
  return isDuration ? { ...line, quantity: line.quantity * 2 } : line;
}

function formatBatches(): string {
  return formatTable(
    ['visits a month', 'visits per batch', 'write units per visit', 'read units per visit', 'conflicts'],
    volumes.map((volume) => {
      const { visits, write, read, conflictShare } = modelBatches(volume);
      return [
        formatNumber(volume),
        visits.toFixed(2),
        (write / visits).toFixed(3),
        (read / visits).toFixed(3),
        `${(conflictShare * 100).toFixed(2)} %`,
      ];
    }),
  );
}

function formatPrices(): string {
  return formatTable(
    ['price', 'dollars', 'per', 'free every month', 'source'],
    Object.entries(prices).map(([name, { dollars, per, unit, freePerMonth = 0, page, foundIn }]) => [
      `[${name}](${page})`,
      String(dollars),
      `${formatNumber(per)} ${unit}`,
      formatNumber(freePerMonth),
      foundIn ?? 'commonly known',
    ]),
  );
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
