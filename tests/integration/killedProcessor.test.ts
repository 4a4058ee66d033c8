import { endAll } from '../support/cleanup';
import { expectExactTotalAfterKills } from '../support/killedProcessor';

afterAll(endAll);

// tests/long/killedProcessor.test.ts kills it twenty times.
it('The total is the sum of the counts after the stream processor is killed three times under load', () =>
  expectExactTotalAfterKills(3));
