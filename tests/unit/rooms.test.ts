import { projectFolder } from '../support/engine';
import { findCircles, listRelativeImports, readImportGraph } from '../support/importGraph';

// eslint's import-x/no-cycle passes over imports of types alone; these tests do not.
describe('The source files', () => {
  it('import each other in no circle, types included', () => {
    const graph = readImportGraph(projectFolder, ['src', 'local', 'bench', 'tests']);
    expect(graph.get('tests/unit/rooms.test.ts')).toContain('tests/support/importGraph.ts');
    expect(findCircles(graph).map((circle) => circle.join(' ↔ '))).toEqual([]);
  });
});

describe('The search for circles', () => {
  const search = (imports: Record<string, string[]>) => findCircles(new Map(Object.entries(imports)));

  it('names every file of a circle, and none that only leads to it', () => {
    const planted = { a: ['b'], b: ['c'], c: ['d', 'e'], d: ['b'], e: [] };
    expect(search(planted)).toEqual([['b', 'c', 'd']]);
  });

  it('lists separate circles apart, and a file that imports itself', () => {
    expect(search({ a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'], e: ['e'] })).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e'],
    ]);
  });

  it('finds none where two paths lead to one file', () => {
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
