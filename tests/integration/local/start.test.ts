import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'node-sqlite3-wasm';
import { endAll } from '../../support/cleanup';
import { send } from '../../support/http';
import { makeFolder, startRunnerProcess } from '../../support/runner';

afterAll(endAll);

describe('npm start without --verbose', () => {
  const folder = makeFolder();

  it('announces the start and ends with the addresses and the data folder', async () => {
    const runner = await startRunnerProcess(folder, { application: 'source', verbose: false });
    const lines = runner.output().trimEnd().split('\n');
    expect(lines).toEqual([
      'Starting Footfall with template.yaml …',
      expect.stringMatching(/^Building \d+ functions …$/),
      expect.stringMatching(/^ {2}Sign in {4}http:\S+\/login as demo@example\.com, password \S+$/),
      `  Data       ${folder} (delete this folder to start over)`,
      expect.stringMatching(
        /^ {2}Left out {3}\d+ settings of the template; npm start -- --verbose lists them$/,
      ),
      `Footfall is ready: ${runner.url}`,
    ]);
    const [, signInUrl = ''] = /(http:\S+)\/login/.exec(lines[2] ?? '') ?? [];
    expect((await send(`${signInUrl}/`, '/login')).status).toBe(200);
    expect(await runner.end('SIGTERM')).toBe(0);
  });

  it('creates the stream index in the engine’s file', () => {
    const database = new Database(join(folder, 'dynamodb.sqlite'));
    database.exec('PRAGMA locking_mode = EXCLUSIVE');
    const indexes = database.all(`SELECT name FROM sqlite_schema WHERE name = 'footfall_stream_position'`);
    database.close();
    expect(indexes).toHaveLength(1);
  });

  it('rebuilds only damaged bundles at the next start', async () => {
    const unchanged = await startRunnerProcess(folder, { application: 'source', verbose: false });
    expect(unchanged.output()).not.toContain('Building');
    await unchanged.end('SIGTERM');

    writeFileSync(join(folder, 'build/MainFunction/main.js'), 'exports.handler = () => "damaged";');
    const mended = await startRunnerProcess(folder, { application: 'source', verbose: false });
    expect(mended.output()).toContain('Building 1 function …');
    expect((await send(mended.url, '/', { headers: { accept: 'text/html' } })).body).toContain('Footfall');
    await mended.end('SIGTERM');
  });
});
