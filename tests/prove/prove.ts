import { parseArgs } from 'node:util';
import { judge, type Verdict } from './judge';
import { plants } from './plants';
import { loadSubject, realSubject } from './subject';
import { missingFrom, type Tally } from './world';

const help = `npm run prove plays random histories against the code of src/ledger, which must keep all invariants, and then
against planted versions of it, each with one mistake that the histories must catch.

  npm run prove -- [--histories N] [--seed N]

  --histories N  the number of histories (default: 10000)
  --seed N       the seed of the first thousand histories; each further thousand uses the next (default: 4)
  --help         print this text
`;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '4' },
    help: { type: 'boolean', default: false },
  },
});
const histories = Number(values.histories);
const firstSeed = Number(values.seed);
const historiesPerSeed = 1_000;
/** From this number on, every required event must have occurred. */
const minCompleteHistories = 1_000;

async function prove(): Promise<boolean> {
  if (values.help) {
    process.stdout.write(help);
    return true;
  }
  if (!(Number.isSafeInteger(histories) && histories > 0 && Number.isSafeInteger(firstSeed)))
    throw new Error('--histories must be a whole number above 0, and --seed a whole number.');
  console.log(`Real code: ${histories} histories, seeds from ${firstSeed}.`);
  const tally: Tally = new Map();
  for (let played = 0, seed = firstSeed; played < histories; seed += 1) {
    const some = Math.min(historiesPerSeed, histories - played);
    const verdict = await judge(realSubject, { seed, histories: some, tally, shrink: true });
    played += verdict.histories;
    console.log(`  seed ${seed}: ${verdict.failure ? 'BROKEN' : 'held'} (${played} of ${histories})`);
    if (verdict.failure) {
      printFailure(verdict);
      return false;
    }
  }
  console.log('All invariants held. Events in the histories:');
  for (const [event, times] of [...tally].sort()) console.log(`  ${event.padEnd(26)} ${times}`);
  const missing = histories < minCompleteHistories ? [] : missingFrom(tally);
  if (missing.length > 0) {
    console.log(`These events never occurred, so the run proves nothing about them: ${missing.join(', ')}.`);
    return false;
  }

  console.log(`Planted versions: ${plants.length}, each with seed ${firstSeed}.`);
  let missed = 0;
  for (const { name, edits } of plants) {
    const verdict = await judge(await loadSubject(edits), { seed: firstSeed, histories });
    if (!verdict.failure) missed += 1;
    const found = verdict.failure
      ? `caught at history ${verdict.histories}`
      : `NOT CAUGHT in ${verdict.histories}`;
    console.log(`  ${name.padEnd(64)} ${found}`);
  }
  console.log(missed === 0 ? 'All were caught.' : `${missed} were not caught.`);
  return missed === 0;
}

function printFailure({ failure, seed, histories: played }: Verdict): void {
  console.log(`${failure?.reason ?? ''}\nThe shrunk history (seed ${seed}, history ${played}):`);
  const { setup, commands = [] } = failure?.history ?? {};
  const asText = (value: unknown) =>
    JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part));
  console.log(`  ${asText(setup)}`);
  for (const command of commands) console.log(`  ${asText(command)}`);
}

prove().then(
  (held) => {
    process.exitCode = held ? 0 : 1;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
