import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertToolsWork, scratchVariable } from './tools';

/** Before the first test: are the tools there? Then a folder for what the tests build. */
export default async function setup(): Promise<void> {
  await assertToolsWork();
  process.env[scratchVariable] = mkdtempSync(join(tmpdir(), 'footfall-sam-'));
}
