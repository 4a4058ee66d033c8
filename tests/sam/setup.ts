import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertToolsWork, scratchVariable } from './tools';

/** Checks that the tools are there, and makes a folder for build output. */
export default async function setup(): Promise<void> {
  await assertToolsWork();
  process.env[scratchVariable] = mkdtempSync(join(tmpdir(), 'footfall-sam-'));
}
