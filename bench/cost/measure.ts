import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { endAll } from '../../tests/support/cleanup';
import { measureAnswers, type MeasuredAnswers } from './answers';
import { measureCpu, type MeasuredCpu } from './cpu';
import { measureUnits, type MeasuredUnits } from './units';

/** What `npm run bench:cost` writes down, and `npm run cost` reckons with. */
export interface Measured {
  takenOn: string;
  command: string;
  machine: string;
  units: MeasuredUnits;
  cpuMs: MeasuredCpu;
  answerBytes: MeasuredAnswers;
}

async function main(): Promise<void> {
  try {
    const measured: Measured = {
      takenOn: new Date().toISOString().slice(0, 10),
      command: 'npm run bench:cost',
      machine: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}, shared, Node.js ${process.version}`,
      units: await measureUnits(),
      answerBytes: await measureAnswers(),
      cpuMs: await measureCpu(),
    };
    writeFileSync(join(__dirname, 'measured.json'), `${JSON.stringify(measured, undefined, 2)}\n`);
  } finally {
    await endAll();
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
