import { projectFolder } from '../support/engine';
import { findCycles, listRelativeImports, readImportGraph } from '../support/importGraph';

// eslint's import-x/no-cycle ignores type-only imports; these tests follow them.
describe('The import graph of the sources', () => {
  it('has no cycle, type-only imports included', () => {
    const graph = readImportGraph(projectFolder, ['src', 'local', 'bench', 'tests']);
    expect(graph.get('tests/unit/rooms.test.ts')).toContain('tests/support/importGraph.ts');
    expect(findCycles(graph).map((cycle) => cycle.join(' ↔ '))).toEqual([]);
  });
});

describe('The search for import cycles', () => {
  const search = (imports: Record<string, string[]>) => findCycles(new Map(Object.entries(imports)));

  it('reports every file of a cycle, but no file that only leads to it', () => {
    const planted = { a: ['b'], b: ['c'], c: ['d', 'e'], d: ['b'], e: [] };
    expect(search(planted)).toEqual([['b', 'c', 'd']]);
  });

  it('reports separate cycles separately, and a file that imports itself', () => {
    expect(search({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'], e: ['e'] })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
  });

  it('finds no cycle where two paths lead to the same file', () => {
    expect(search({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] })).toEqual([]);
  });

  it.each([
    ["import { a } from './a';", './a'],
    ["import type { A } from './a';", './a'],
    ["export { a } from '../a';", '../a'],
    ["export type { A } from '../a';", '../a'],
    ["const a = await import('./a');", './a'],
    ["let a: import('./a').A;", './a'],
  ])('follows %s', (source, specifier) => {
    expect(listRelativeImports(source)).toEqual([specifier]);
  });

  it('ignores packages', () => {
    expect(listRelativeImports("import { join } from 'node:path';")).toEqual([]);
  });
});
