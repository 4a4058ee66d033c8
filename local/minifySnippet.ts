import { build } from 'esbuild';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '../src/snippet');

/** Minifies the script that pages load. */
export async function minifySnippet(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(folder, 'page/footfall.ts')],
    write: false,
    minify: true,
    format: 'iife',
    // Browsers have supported this since 2020.
    target: 'es2020',
    tsconfigRaw: {},
  });
  return outputFiles[0]?.text ?? '';
}

async function main(): Promise<void> {
  const source = `/** Generated from page/footfall.ts by \`npm run snippet\`. docs/decisions/snippet.md explains why it is committed. */
export const minified = ${JSON.stringify(await minifySnippet())};
`;
  writeFileSync(join(folder, 'minified.ts'), source);
}

if (require.main === module) void main();
