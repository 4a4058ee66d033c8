import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  countBatchUnits,
  drawBill,
  drawIdleBill,
  type Architecture,
  type Door,
} from '../../../bench/cost/bill';
import measured from '../../../bench/cost/measured.json';
import { prices, sumUp, sumUpBeyondFree } from '../../../bench/cost/prices';
import { projectFolder } from '../../support/engine';

const bill = (door: Door, visitsPerMonth: number, architecture: Architecture = 'arm64') =>
  drawBill({ door, visitsPerMonth, architecture }, measured);

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

describe('The table of prices', () => {
  it.each(Object.entries(prices))('says of %s where it is published and where it was read', (_, price) => {
    expect(price.page).toMatch(/^https:\/\/aws\.amazon\.com\//);
    // Read somewhere, or marked as not: never both.
    expect(price.foundIn !== undefined).not.toBe(price.wellKnown === true);
  });
});

describe('A bill', () => {
  it('takes of each batch the units that were measured', () => {
    for (const { tags, write, read } of measured.units.batches) {
      expect({ tags, ...countBatchUnits(tags) }).toMatchObject({ tags, write, read });
    }
  });

  it('without visits is what stands idle, and the looks', () => {
    const visits = bill('page', 0).filter(({ what }) => !/^(idle|looks)/.test(what));
    expect(sumUp(visits)).toBe(0);
    expect(sumUp(drawIdleBill(measured, 'arm64'))).toBeGreaterThan(0);
  });

  it('grows with each door by what the door adds, and is less on arm64', () => {
    expect(sumUp(bill('page', 1e6))).toBeLessThan(sumUp(bill('pageWithScript', 1e6)));
    expect(sumUp(bill('page', 1e6))).toBeLessThan(sumUp(bill('web', 1e6)));
    expect(sumUp(bill('web', 1e6))).toBeLessThan(sumUp(bill('web', 1e6, 'x86_64')));
  });

  it('asks nothing for what the free tier holds, once for all lines together', () => {
    const half = { what: 'half of it', price: 'lambdaRequest', quantity: 500_000 } as const;
    expect(sumUpBeyondFree([half, half])).toBe(0);
    expect(sumUpBeyondFree([half, half, half])).toBeCloseTo(0.1);
  });
});
