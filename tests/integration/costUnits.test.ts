import measured from '../../bench/cost/measured.json';
import { measureUnits } from '../../bench/cost/units';
import { endAll } from '../support/cleanup';

afterAll(endAll);

describe('bench/cost/measured.json', () => {
  it('matches the write and read units that the functions consume on the engine', async () => {
    expect(await measureUnits()).toEqual(measured.units);
  });
});
