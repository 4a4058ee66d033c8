import { judge } from '../prove/judge';
import { plants } from '../prove/plants';
import { loadSubject, realSubject } from '../prove/subject';

const seed = 4;
const histories = 1_000;

it.each([4, 5, 6, 7, 8, 9, 10, 11, 12, 13])(
  'The ledger keeps its invariants over 1,000 random histories with the seed %i',
  async (eachSeed) => {
    const verdict = await judge(realSubject, { seed: eachSeed, histories, shrink: true });
    expect(verdict).toEqual({ seed: eachSeed, histories, failure: undefined });
  },
);

it.each(plants)('Random histories detect a version that $name', async ({ edits, soonSeed = seed }) => {
  const verdict = await judge(await loadSubject(edits), { seed: soonSeed, histories: 3_000 });
  expect(verdict.failure).toBeDefined();
});
