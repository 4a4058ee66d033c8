import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  countBatchUnits,
  drawBill,
  drawIdleBill,
  type Architecture,
  type Api,
} from '../../../bench/cost/bill';
import measured from '../../../bench/cost/measured.json';
import { prices, sumUp, sumUpBeyondFree } from '../../../bench/cost/prices';
import { projectFolder } from '../../support/engine';

const bill = (api: Api, visitsPerMonth: number, architecture: Architecture = 'arm64') =>
  drawBill({ api, visitsPerMonth, architecture }, measured);

function printCost(form: string): string {
  const program = ['--import', 'tsx', 'bench/cost/cost.ts', form];
  return execFileSync(process.execPath, program, { cwd: projectFolder, encoding: 'utf8' }).trim();
}

function readBetween(file: string, start: RegExp, end: RegExp): string | undefined {
  const text = readFileSync(join(projectFolder, file), 'utf8');
  return text.split(start)[1]?.split(end)[0]?.trim();
}

describe('npm run cost', () => {
  it('prints the table that the README shows', () => {
    expect(readBetween('README.md', /<!-- cost: .* -->/, /<!-- \/cost -->/)).toBe(printCost('--markdown'));
  });

  it('prints the lines that docs/decisions/cost.md shows', () => {
    const shown = readBetween('docs/decisions/cost.md', /<!-- cost lines -->/, /<!-- \/cost lines -->/);
    expect(shown).toBe(printCost('--lines'));
  });
});

describe('The price list', () => {
  it.each(Object.entries(prices))('names the source of the price %s', (_, price) => {
    expect(price.page).toMatch(/^https:\/\/aws\.amazon\.com\//);
    // Either it was read somewhere, or it is marked as well known.
    expect(price.foundIn !== undefined).not.toBe(price.wellKnown === true);
  });
});

describe('A bill', () => {
  it('charges each batch the units that were measured', () => {
    for (const { tags, write, read } of measured.units.batches) {
      expect({ tags, ...countBatchUnits(tags) }).toMatchObject({ tags, write, read });
    }
  });

  it('without visits consists of fixed costs and lookups', () => {
    const visits = bill('beacon', 0).filter(({ what }) => !/^(idle|lookups)/.test(what));
    expect(sumUp(visits)).toBe(0);
    expect(sumUp(drawIdleBill(measured, 'arm64'))).toBeGreaterThan(0);
  });

  it('is higher with the script or the web API, and lower on arm64', () => {
    expect(sumUp(bill('beacon', 1e6))).toBeLessThan(sumUp(bill('beaconWithScript', 1e6)));
    expect(sumUp(bill('beacon', 1e6))).toBeLessThan(sumUp(bill('web', 1e6)));
    expect(sumUp(bill('web', 1e6))).toBeLessThan(sumUp(bill('web', 1e6, 'x86_64')));
  });

  it('deducts the free tier once from all lines together', () => {
    const half = { what: 'half of the free tier', price: 'lambdaRequest', quantity: 500_000 } as const;
    expect(sumUpBeyondFree([half, half])).toBe(0);
    expect(sumUpBeyondFree([half, half, half])).toBeCloseTo(0.1);
  });
});
