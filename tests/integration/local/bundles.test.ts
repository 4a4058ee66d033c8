import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BundleBuilder, type BundleTask } from '../../../local/functions/bundleBuilder';
import { endAll } from '../../support/cleanup';
import { makeFolder } from '../../support/runner';

let sources: string;
let output: string;
let task: BundleTask;

beforeEach(() => {
  [sources, output] = [makeFolder(), makeFolder()];
  write(
    'app.ts',
    `import { word } from './word';\nimport { ending } from 'ending';\nexport const handler = () => word + ending;`,
  );
  write('word.ts', `export const word = 'first';`);
  write('ending.ts', `export const ending = '!';`);
  write('otherEnding.ts', `export const ending = 'changed';`);
  write('tsconfig.json', mapEnding('./ending.ts'));
  task = createTask('App', 'app.ts');
});
afterEach(endAll);

function write(name: string, content: string): void {
  writeFileSync(join(sources, name), content);
}

/** A tsconfig that maps the import `ending` to a file. */
function mapEnding(file: string): string {
  return JSON.stringify({ compilerOptions: { paths: { ending: [file] } } });
}

function createTask(name: string, entry: string, options: object = {}): BundleTask {
  return {
    name,
    entryPoints: [join(sources, entry)],
    options: { bundle: true, platform: 'node', format: 'cjs', absWorkingDir: sources, ...options },
  };
}

const inAnHour = () => Date.now() + 3_600_000;

/**
 * Builds the outdated bundles, as each start of the runner does.
 * @param nowMs an hour from now, except in tests about sources that were written a moment ago
 * @returns the names of the bundles that were built
 */
async function start(tasks = [task], nowMs = inAnHour): Promise<string[]> {
  const builder = new BundleBuilder(output, nowMs);
  const outdated = builder.findOutdated(tasks);
  expect(await builder.build(outdated)).toEqual(new Map());
  return outdated.map(({ name }) => name);
}

function readBundle(name = 'App', file = 'app.js'): string {
  return readFileSync(join(output, name, file), 'utf8');
}

test('a bundle is built only once while nothing changes', async () => {
  expect(await start()).toEqual(['App']);
  expect(await start()).toEqual([]);
  expect(readBundle()).toContain('first');
});

test.each<[what: string, change: () => void, expected: string]>([
  [
    'its entry point',
    () => {
      write('app.ts', `export const handler = () => 'changed';`);
    },
    'changed',
  ],
  [
    'a file that it imports',
    () => {
      write('word.ts', `export const word = 'changed';`);
    },
    'changed',
  ],
  [
    'a new file to which an import now resolves',
    () => {
      write('word.tsx', `export const word = 'changed';`);
    },
    'changed',
  ],
  [
    'a tsconfig file',
    () => {
      write('tsconfig.json', mapEnding('./otherEnding.ts'));
    },
    'changed',
  ],
  [
    'a build option',
    () => {
      task = createTask('App', 'app.ts', { banner: { js: '/* changed */' } });
    },
    'changed',
  ],
  [
    'the built file, which is damaged',
    () => {
      writeFileSync(join(output, 'App', 'app.js'), 'exports.handler = () => "damaged";');
    },
    'first',
  ],
  [
    'the built file, which is deleted',
    () => {
      rmSync(join(output, 'App', 'app.js'));
    },
    'first',
  ],
  [
    'the build record, which is truncated',
    () => {
      const record = join(output, 'App.json');
      writeFileSync(record, readFileSync(record, 'utf8').slice(0, 40));
    },
    'first',
  ],
])('a bundle is rebuilt after a change of %s', async (_, change, expected) => {
  await start();
  change();
  expect(await start()).toEqual(['App']);
  expect(readBundle()).toContain(expected);
  expect(await start()).toEqual([]);
});

test('a bundle is rebuilt when its source may have changed during the build', async () => {
  await start([task], Date.now);
  expect(await start()).toEqual(['App']);
  expect(await start()).toEqual([]);
});

test('bundles are identical whether they are built together or separately', async () => {
  write('second.ts', `import { word } from './word';\nexport const handler = () => word + word;`);
  const both = [task, createTask('Second', 'second.ts')];
  await start(both);
  const together = [readBundle(), readBundle('Second', 'second.js')];
  for (const one of both) {
    rmSync(join(output, one.name), { recursive: true });
    expect(await start([one])).toEqual([one.name]);
  }
  expect([readBundle(), readBundle('Second', 'second.js')]).toEqual(together);
});

test('a mistake in one source is reported for its bundles, and the other bundles are built', async () => {
  await start();
  write('broken.ts', 'const = 1;');
  const tasks = [createTask('Broken', 'broken.ts'), task];
  write('word.ts', `export const word = 'changed';`);
  const failures = await new BundleBuilder(output).build(tasks);
  expect(failures).toEqual(new Map([['Broken', expect.stringMatching(/^broken\.ts:1: /)]]));
  expect(readBundle()).toContain('changed');
  expect(readdirSync(output)).not.toContain('Broken');
});
