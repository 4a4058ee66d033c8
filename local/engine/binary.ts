import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** No engine binary is installed for this platform. The message names the alternatives. */
export class EngineMissingError extends Error {
  constructor(packageName: string) {
    super(
      `No DynamoDB engine is installed for this platform (${packageName} is missing). ` +
        'Run npm ci without --omit=optional; or start another engine, such as DynamoDB Local, ' +
        'and set AWS_ENDPOINT_URL_DYNAMODB to its address, such as http://127.0.0.1:8000.',
    );
  }
}

/**
 * The path of the dynoxide binary that npm installed for this platform.
 * @throws EngineMissingError when none is installed
 */
export function findEngineBinary(platform: string = process.platform, arch: string = process.arch): string {
  const packageName = `@dynoxide/${platform}-${arch}`;
  try {
    const folder = dirname(createRequire(__filename).resolve(`${packageName}/package.json`));
    const binary = join(folder, platform === 'win32' ? 'dynoxide.exe' : 'dynoxide');
    if (existsSync(binary)) return binary;
  } catch {
    // The package is not installed; the error below reports it.
  }
  throw new EngineMissingError(packageName);
}
