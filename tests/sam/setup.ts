import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertToolsWork, scratchVariable } from './tools';

/** Before the first test: are the tools there? Then a folder for what the tests build. */
export default async function setup(): Promise<void> {
  await assertToolsWork();
  // The SDK says at every start that it will need a newer Node.js; in the cloud it has one.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
  process.env[scratchVariable] = mkdtempSync(join(tmpdir(), 'footfall-sam-'));
}
