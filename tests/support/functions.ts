import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildBootstrap, buildFunction } from '../../local/functions/bundle';
import type { Outcome } from '../../local/functions/outcome';
import { createPool } from '../../local/functions/pool';
import type { ApiResult } from '../../src/http/response';
import { builtBootstrap } from './application';
import { endLater } from './cleanup';
import { credentials, region, type TestEngine } from './engine';

/** A function of the template, built as `sam build` does and run in its own process. */
export interface TestFunction {
  invoke(event: unknown): Promise<Outcome>;
  /** Returns the response to an API event. @throws Error if the invocation fails */
  answer(event: unknown): Promise<ApiResult>;
  /** The lines that the function has logged. */
  log: string[];
}

/** @param overrides template parameters */
export async function startFunction(
  id: string,
  {
    endpoint,
    cognitoEndpoint,
    openTemplate,
  }: Pick<TestEngine, 'endpoint' | 'openTemplate'> & { cognitoEndpoint?: string },
  overrides: Record<string, string> = {},
): Promise<TestFunction> {
  const definition = openTemplate(overrides)
    .application()
    .functions.find((candidate) => candidate.id === id);
  if (!definition) throw new Error(`The template has no function ${id}.`);
  const folder = mkdtempSync(join(tmpdir(), 'footfall-function-'));
  endLater(() => {
    rmSync(folder, { recursive: true });
  });
  const bootstrapFile = builtBootstrap() ?? (await buildBootstrap(folder));
  const bundle = await buildFunction(definition, folder);
  const log: string[] = [];
  const access = {
    region,
    credentials,
    endpoint,
    ...(cognitoEndpoint === undefined ? {} : { cognitoEndpoint }),
  };
  const pool = createPool(definition, bundle, bootstrapFile, access, 2, (line) => log.push(line));
  endLater(() => pool.stop());
  return {
    invoke: (event) => pool.invoke(event),
    async answer(event) {
      const outcome = await pool.invoke(event);
      if (!outcome.ok) throw new Error(outcome.error);
      return outcome.response as ApiResult;
    },
    log,
  };
}
