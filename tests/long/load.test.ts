import { endAll } from '../support/cleanup';
import { expectEachCountedOnce, expectNoneLostByKill } from '../support/load';

afterAll(endAll);

describe('5,000 visits of 50 tags through both APIs, 32 at a time', () => {
  it('are each counted once, and the total becomes their sum', () => expectEachCountedOnce(5_000));

  it('survive a kill -9 of the runner halfway: no acknowledged visit is lost or counted twice', () =>
    expectNoneLostByKill(5_000));
});
