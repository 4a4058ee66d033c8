import { buildSync } from 'esbuild';
import { join } from 'node:path';
import { buildFunction } from '../../local/functions/bundle';
import { FunctionPool } from '../../local/functions/pool';
import { functionVariables, type CloudAccess } from '../../local/functions/variables';
import type { Template } from '../../local/template/application';
import { root, scratchFolder, type Started } from './tools';

export type Invoke = (functionId: string, event: unknown) => Promise<unknown>;

/** The template's functions as `npm start` builds and runs them, without the server in front. */
export async function startRunnerFunctions(
  template: Template,
  access: CloudAccess,
  started: Started,
): Promise<Invoke> {
  const folder = join(scratchFolder(), 'runner');
  const bootstrapFile = join(folder, 'bootstrap.js');
  buildSync({
    entryPoints: [join(root, 'local/functions/bootstrap.ts')],
    outfile: bootstrapFile,
    bundle: true,
    platform: 'node',
  });
  const pools = new Map<string, FunctionPool>();
  for (const definition of template.application().functions) {
    const { id, memoryMb, timeoutSeconds } = definition;
    const bundle = await buildFunction(definition, folder);
    started.add(() => bundle.dispose());
    const pool = new FunctionPool(
      () => ({
        functionId: id,
        bootstrapFile,
        handlerFile: bundle.handlerFile,
        exportName: bundle.exportName,
        memoryMb,
        timeoutSeconds,
        variables: functionVariables(definition, bundle, access),
        log: () => undefined,
      }),
      1,
    );
    started.add(() => pool.stop());
    pools.set(id, pool);
  }
  return async (functionId, event) => {
    const outcome = await pools.get(functionId)?.invoke(event);
    if (!outcome?.ok) throw new Error(`${functionId} did not answer: ${outcome?.error ?? 'there is none'}`);
    return outcome.response;
  };
}
