import { rmSync } from 'node:fs';
import { removeContainers, scratchFolder } from './tools';

/** Removes containers and the folder of build output, also after tests that failed. */
export default async function teardown(): Promise<void> {
  await removeContainers();
  rmSync(scratchFolder(), { recursive: true, force: true });
}
