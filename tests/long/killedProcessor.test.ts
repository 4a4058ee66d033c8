import { endAll } from '../support/cleanup';
import { expectExactTotalAfterKills } from '../support/killedProcessor';

afterAll(endAll);

it('The total is the sum of the counts after the stream processor is killed twenty times under load', () =>
  expectExactTotalAfterKills(20));
