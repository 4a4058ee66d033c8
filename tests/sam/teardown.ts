import { rmSync } from 'node:fs';
import { removeContainers, scratchFolder } from './tools';

/** After the last test, whatever became of it. */
export default async function teardown(): Promise<void> {
  await removeContainers();
  rmSync(scratchFolder(), { recursive: true, force: true });
}
