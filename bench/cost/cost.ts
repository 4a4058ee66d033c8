import type { Measured } from './measure';
import { assumptions } from './assumptions';
import measuredFile from './measured.json';
import { itemize, summarize } from './report';

/** `npm run cost`; with `-- --markdown` the README's table alone, with `-- --lines` docs/decisions/cost.md's tables. */
const measured: Measured = measuredFile;
const [, , form] = process.argv;

const notice = `Durations were not measured on Lambda. They are processor time measured on
  ${measured.machine} (${measured.takenOn}, ${measured.command}),
stretched to the share of a processor that ${assumptions.memoryMb} MB get (${assumptions.memoryMbPerProcessor} MB are one), and ${assumptions.latencyMs} ms for each
call of DynamoDB, ${assumptions.transactionLatencyMs} ms for a transaction. Write and read units were measured on the engine.`;

if (form === '--markdown') console.log(summarize(measured));
else if (form === '--lines') console.log(itemize(measured));
else console.log([notice, summarize(measured), itemize(measured)].join('\n\n'));
