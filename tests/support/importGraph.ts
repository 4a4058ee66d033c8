import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

/** The files that each file imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** Reads the imports of every TypeScript file in these folders. Paths are relative to `root`. */
export function readImportGraph(root: string, folders: readonly string[]): ImportGraph {
  const files = folders.flatMap((folder) => ts.sys.readDirectory(join(root, folder), ['.ts']));
  return new Map(
    files.map((path) => {
      const file = relative(root, path);
      const imports = listRelativeImports(readFileSync(path, 'utf8'));
      return [file, imports.map((specifier) => resolveImport(root, file, specifier))];
    }),
  );
}

/** The relative paths that a source text imports or re-exports from, including type-only imports. */
export function listRelativeImports(source: string): string[] {
  const { importedFiles } = ts.preProcessFile(source);
  return importedFiles.map(({ fileName }) => fileName).filter((specifier) => specifier.startsWith('.'));
}

function resolveImport(root: string, importer: string, specifier: string): string {
  const target = join(dirname(importer), specifier);
  return existsSync(join(root, `${target}.ts`)) ? `${target}.ts` : target;
}

/** Groups of files that import each other, directly or through others: the graph's strongly connected components. */
export function findCycles(graph: ImportGraph): string[][] {
  const reachable = new Map([...graph.keys()].map((file) => [file, findReachable(graph, file)]));
  const reaches = (from: string, to: string) => reachable.get(from)?.has(to) === true;
  const cycles = [...graph.keys()]
    .filter((file) => reaches(file, file))
    .map((file) => [...graph.keys()].filter((other) => reaches(file, other) && reaches(other, file)).sort());
  return [...new Map(cycles.map((cycle) => [cycle.join(), cycle])).values()];
}

function findReachable(graph: ImportGraph, start: string): Set<string> {
  const reached = new Set<string>();
  const waiting = [...(graph.get(start) ?? [])];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    waiting.push(...(graph.get(file) ?? []));
  }
  return reached;
}
