import { runCommand } from '../command';
import { assumptions } from './assumptions';
import measured from './measured.json';
import { itemize, summarize } from './report';

const help = `npm run cost prints the monthly bill in US dollars, derived from measurements and list prices.

  npm run cost -- [--markdown | --lines]

  --markdown  only the README's table
  --lines     only the tables of docs/decisions/cost.md: every line of the bill, batches and prices
  --help      this text
`;

const { memoryMb, memoryMbPerProcessor, latencyMs, transactionLatencyMs } = assumptions;
const notice = `Durations are derived, not measured on Lambda. They are processor time, measured on
  ${measured.machine} (${measured.takenOn}, ${measured.command}),
multiplied by ${memoryMbPerProcessor}/${memoryMb} for the share of a processor that ${memoryMb} MB get, plus ${latencyMs} ms for each
call of DynamoDB and ${transactionLatencyMs} ms for a transaction. Write and read units were measured on the engine.`;

runCommand(help, { markdown: { type: 'boolean' }, lines: { type: 'boolean' } }, ({ markdown, lines }) => {
  if (markdown) console.log(summarize(measured));
  else if (lines) console.log(itemize(measured));
  else console.log([notice, summarize(measured), itemize(measured)].join('\n\n'));
});
