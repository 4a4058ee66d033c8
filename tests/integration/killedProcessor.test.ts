import { endAll } from '../support/cleanup';
import { expectExactTotalAfterKills } from '../support/killedProcessor';

afterAll(endAll);

// Twenty times in tests/long/killedProcessor.test.ts.
it('The total is the sum of the counts after the stream processor was killed three times under load', () =>
  expectExactTotalAfterKills(3));
