import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { judge, playHistory } from '../../prove/judge';
import { plants } from '../../prove/plants';
import { ledgerFolder, loadSubject, MisplacedEditError, realSubject } from '../../prove/subject';

// tests/long/histories.test.ts and `npm run prove` play more histories, and check that they catch faulty versions.
const seed = 4;

it('keeps all its invariants over 300 random histories', async () => {
  const verdict = await judge(realSubject, { seed, histories: 300, shrink: true });
  expect(verdict).toEqual({ seed, histories: 300, failure: undefined });
});

it.each([...new Set(plants.flatMap(({ soonSeed }) => soonSeed ?? []))])(
  'keeps them under seed %i, which exposes a planted version',
  async (soonSeed) => {
    const verdict = await judge(realSubject, { seed: soonSeed, histories: 60, shrink: true });
    expect(verdict.failure).toBeUndefined();
  },
);

it('keeps them when compiled like the planted versions', async () => {
  const verdict = await judge(await loadSubject([]), { seed, histories: 30 });
  expect(verdict.failure).toBeUndefined();
});

it.each(plants)('finds the lines that a planted version changes: $name', ({ edits }) => {
  for (const { file, find } of edits)
    expect(readFileSync(join(ledgerFolder, file), 'utf8').split(find)).toHaveLength(2);
});

it('has at least forty planted versions', () => {
  expect(new Set(plants.map(({ name }) => name)).size).toBeGreaterThanOrEqual(40);
});

it('rejects a planted version whose line is missing from the real source', async () => {
  const edits = [{ file: 'fold.ts', find: 'no such line', replace: '' }];
  await expect(loadSubject(edits)).rejects.toThrow('fold.ts must contain this exactly once: no such line');
  await expect(loadSubject([{ file: 'nowhere.ts', find: '', replace: '' }])).rejects.toThrow(
    MisplacedEditError,
  );
});

it('reads days that were all true at one moment, although a day changed and changed back during the read', async () => {
  await playHistory(realSubject, {
    setup: {
      origin: 'counted',
      counts: [1],
      workshopTotal: 0,
      counterVisited: false,
      secondsToMidnight: 20,
      firstSequence: 1n,
      parallelization: 1,
      filtered: false,
      scanPageItems: 1,
      timeoutSeconds: 60,
      stale: [],
    },
    commands: [
      { do: 'delete', tag: 0 },
      { do: 'poll', lane: 0, size: 1 },
      { do: 'visit', tag: 0, times: 1, skewSeconds: 100, stripped: false },
      { do: 'visit', tag: 0, times: 1, skewSeconds: 0, stripped: false },
      { do: 'run', steps: [{ pick: 0, fault: undefined }] },
      { do: 'readDays', tag: 0 },
    ],
  });
  expect.assertions(0);
});
