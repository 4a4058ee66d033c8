import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { printProgress, runCommand } from '../command';
import { measureAnswers } from './answers';
import type { Measured } from './bill';
import { measureCpu } from './cpu';
import { measureUnits } from './units';

const help = `npm run bench:cost measures what npm run cost needs and writes it to bench/cost/measured.json:
write and read units, bytes of answers, and processor time. It takes about half a minute.
`;

runCommand(help, {}, async () => {
  printProgress('write and read units, and answers');
  const measured: Measured = {
    takenOn: new Date().toISOString().slice(0, 10),
    command: 'npm run bench:cost',
    machine: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, shared, Node.js ${process.version}`,
    units: await measureUnits(),
    answerBytes: await measureAnswers(),
    cpuMs: await measureCpu(printProgress),
  };
  writeFileSync(join(__dirname, 'measured.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
});
