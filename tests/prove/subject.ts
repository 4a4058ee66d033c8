import { build, type Plugin } from 'esbuild';
import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { applyBatch } from '../../src/ledger/applyBatch';
import { reconcile } from '../../src/ledger/reconcile';
import { ReconcileStore } from '../../src/ledger/reconcileStore';
import { TotalsStore } from '../../src/ledger/totalsStore';

/** The code under test: the fold, its store and reconcile, either the real ones or a planted version. */
export interface Subject {
  applyBatch: typeof applyBatch;
  reconcile: typeof reconcile;
  TotalsStore: typeof TotalsStore;
  ReconcileStore: typeof ReconcileStore;
}

export const realSubject: Subject = { applyBatch, reconcile, TotalsStore, ReconcileStore };

/** A change of the real source in a planted version. */
export interface Edit {
  /** A file of src/ledger. */
  file: string;
  /** The text to replace. It occurs exactly once. */
  find: string;
  replace: string;
}

/** The real source no longer contains the text that a planted version replaces, so the plant must be adapted. */
export class MisplacedEditError extends Error {}

export const ledgerFolder = resolve(__dirname, '../../src/ledger');

/**
 * Compiles the real source with edits, in memory.
 * @throws MisplacedEditError
 */
export async function loadSubject(edits: readonly Edit[]): Promise<Subject> {
  const applied = new Set<Edit>();
  const editing: Plugin = {
    name: 'edits',
    setup(bundling) {
      bundling.onLoad({ filter: /[\\/]src[\\/]ledger[\\/]\w+\.ts$/ }, ({ path }) => {
        let contents = readFileSync(path, 'utf8');
        for (const edit of edits.filter(({ file }) => file === basename(path))) {
          if (contents.split(edit.find).length !== 2)
            throw new MisplacedEditError(`${edit.file} must contain this exactly once: ${edit.find}`);
          contents = contents.replace(edit.find, () => edit.replace);
          applied.add(edit);
        }
        return { contents, loader: 'ts' };
      });
    },
  };
  const modules = ['applyBatch', 'reconcile', 'reconcileStore', 'totalsStore'];
  const { outputFiles } = await build({
    stdin: {
      contents: modules.map((name) => `export * from './${name}';`).join('\n'),
      resolveDir: ledgerFolder,
    },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    packages: 'external',
    write: false,
    logLevel: 'silent',
    plugins: [editing],
  });
  if (applied.size < edits.length) throw new MisplacedEditError('A file to edit is not part of the ledger.');
  const module = { exports: {} };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the source is our own and exists only in memory
  const run = new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '') as (
    ...scope: unknown[]
  ) => void;
  run(module, module.exports, require);
  return module.exports as Subject;
}
