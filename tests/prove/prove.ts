import { parseArgs } from 'node:util';
import { judge, type Verdict } from './judge';
import { plants } from './plants';
import { loadSubject, realSubject } from './subject';
import { missingFrom, type Tally } from './world';

/**
 * `npm run prove`: random histories against the code of src/ledger, then against each planted version.
 * `npm run prove -- --histories 100000 --seed 7` plays more of them, or others.
 */
const { values } = parseArgs({
  options: { histories: { type: 'string', default: '10000' }, seed: { type: 'string', default: '4' } },
});
const histories = Number(values.histories);
const firstSeed = Number(values.seed);
const historiesASeed = 1_000;
/** From here on, everything that a history may do has to have come up. */
const enoughHistories = 1_000;

async function prove(): Promise<boolean> {
  if (!(Number.isSafeInteger(histories) && histories > 0 && Number.isSafeInteger(firstSeed)))
    throw new Error('--histories takes a whole number above 0, --seed a whole number.');
  console.log(`The totals: ${histories} histories, seeds from ${firstSeed} on.`);
  const tally: Tally = new Map();
  for (let played = 0, seed = firstSeed; played < histories; seed += 1) {
    const some = Math.min(historiesASeed, histories - played);
    const verdict = await judge(realSubject, { seed, histories: some, tally, shrink: true });
    played += verdict.histories;
    console.log(`  seed ${seed}: ${verdict.failure ? 'BROKEN' : 'held'} (${played} of ${histories})`);
    if (verdict.failure) {
      printFailure(verdict);
      return false;
    }
  }
  console.log('All promises held, error 0. What the histories did:');
  for (const [what, times] of [...tally].sort()) console.log(`  ${what.padEnd(24)} ${times}`);
  const missing = histories < enoughHistories ? [] : missingFrom(tally);
  if (missing.length > 0) {
    console.log(`But these never came up, so nothing is said of them: ${missing.join(', ')}.`);
    return false;
  }

  console.log(`Planted wrong versions: ${plants.length}, each on the same seed ${firstSeed}.`);
  let missed = 0;
  for (const { name, edits } of plants) {
    const verdict = await judge(await loadSubject(edits), { seed: firstSeed, histories });
    if (!verdict.failure) missed += 1;
    const found = verdict.failure
      ? `caught at history ${verdict.histories}`
      : `NOT CAUGHT in ${verdict.histories}`;
    console.log(`  ${name.padEnd(64)} ${found}`);
  }
  console.log(missed === 0 ? 'Each was caught.' : `${missed} were not caught.`);
  return missed === 0;
}

function printFailure({ failure, seed, histories: played }: Verdict): void {
  console.log(`${failure?.reason ?? ''}\nThe history, shrunk (seed ${seed}, history ${played}):`);
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
