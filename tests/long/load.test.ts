import { endAll } from '../support/cleanup';
import { expectEachCountedOnce, expectNoneLostByKill } from '../support/load';

afterAll(endAll);

describe('5,000 visits of 50 tags, 32 at once, through both APIs', () => {
  it('are each counted once, and the total becomes their sum', () => expectEachCountedOnce(5_000));

  it('survive a kill -9 of the runner in their middle: no acknowledged one is lost, none is counted twice', () =>
    expectNoneLostByKill(5_000));
});
