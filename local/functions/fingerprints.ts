import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Hashes files and folders, each once. Create a new instance to see later changes. */
export class Fingerprints {
  private readonly known = new Map<string, string>();

  /** Hashes a file's content. All files that cannot be read have the same hash. */
  ofFile(path: string): string {
    return this.remember(path, () => hash(readFileSync(path)));
  }

  /** Hashes the names in a folder. An import may resolve to a new file there. */
  ofNames(folder: string): string {
    return this.remember(`${folder}/`, () => hash(readdirSync(folder).sort().join('\n')));
  }

  /**
   * Hashes the files that decide how esbuild resolves imports from a folder: package.json, tsconfig files and npm's
   * record of installed packages, in this folder and all above it.
   */
  ofResolution(folder: string): string {
    return this.remember(`${folder}//`, () => {
      const settings = readdirSync(folder)
        .filter((name) => /^(package|tsconfig.*)\.json$/.test(name))
        .sort();
      const files = [...settings, 'node_modules/.package-lock.json'];
      const above = dirname(folder) === folder ? '' : this.ofResolution(dirname(folder));
      return hash([above, ...files.map((name) => name + this.ofFile(join(folder, name)))].join('\n'));
    });
  }

  private remember(key: string, compute: () => string): string {
    const known = this.known.get(key) ?? orMissing(compute);
    this.known.set(key, known);
    return known;
  }
}

export function hash(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('base64url');
}

function orMissing(compute: () => string): string {
  try {
    return compute();
  } catch {
    return 'missing';
  }
}
