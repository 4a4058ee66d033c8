import { endAll } from '../support/cleanup';
import { expectEachCountedOnce, expectNoneLostByKill } from '../support/load';

// tests/long/load.test.ts sends ten times as many visits.
afterAll(endAll);

describe('500 visits of 50 tags through both APIs, 32 at a time', () => {
  it('are each counted once, and the total becomes their sum', () => expectEachCountedOnce(500));

  it('survive a kill -9 of the runner halfway: no acknowledged visit is lost or counted twice', () =>
    expectNoneLostByKill(500));
});
