import { endAll } from '../support/cleanup';
import { expectEachCountedOnce, expectNoneLostByKill } from '../support/load';

// With ten times as many visits in tests/long/load.test.ts.
afterAll(endAll);

describe('500 visits of 50 tags, 32 at once, through both APIs', () => {
  it('are each counted once, and the total becomes their sum', () => expectEachCountedOnce(500));

  it('survive a kill -9 of the runner in their middle: no acknowledged one is lost, none is counted twice', () =>
    expectNoneLostByKill(500));
});
