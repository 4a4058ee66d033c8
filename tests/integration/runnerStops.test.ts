import { spawn } from 'node:child_process';
import { listProcesses } from '../../local/engine/processes';
import { endAll, endLater } from '../support/cleanup';
import { send } from '../support/http';
import { copyProject, templateIn } from '../support/project';
import { makeFolder, spawnRunner, startRunnerProcess, waitFor } from '../support/runner';

afterAll(endAll);

describe('npm start leaves no process behind', () => {
  /** Whether any process of this data folder is running. */
  const isAnyLeft = (folder: string) =>
    listProcesses().some(({ argv }) => argv.some((part) => part.startsWith(`${folder}/`)));

  /** A project whose bundles are built after the tables are created. */
  let buildingProject: string;
  beforeAll(() => {
    const fromSource = ['RecordVisitFunction', 'StreamProcessorFunction'];
    buildingProject = copyProject({}, { application: 'visits', fromSource });
  });

  it.each(['engine', 'table', 'function'])(
    'after a SIGTERM during the start, right after "%s"',
    async (step) => {
      const folder = makeFolder();
      const { child, output, exited } = spawnRunner(folder, { args: templateIn(buildingProject) });
      await waitFor(() => output().includes(`  ${step} `), output);
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
      expect(isAnyLeft(folder)).toBe(false);
    },
  );

  it('when the reader of its output exits', async () => {
    const folder = makeFolder();
    const { child, output, exited } = spawnRunner(folder, { application: 'visits' });
    await waitFor(() => output().includes('  table '), output);
    child.stdout.destroy();
    await exited;
    expect(isAnyLeft(folder)).toBe(false);
  });

  it.each<NodeJS.Signals>(['SIGTERM', 'SIGKILL'])('when npm receives a %s', async (signal) => {
    const folder = makeFolder();
    const runner = await startRunnerProcess(folder, { application: 'visits', withNpm: true });
    expect(runner.output()).not.toMatch(/warn/i);
    await runner.end(signal);
    await waitFor(() => !isAnyLeft(folder));
    await expect(fetch(runner.url)).rejects.toThrow('fetch failed');
  });

  it('when a stream handler hangs', async () => {
    const project = copyProject(
      {
        'src/handlers/streamProcessor.ts': () =>
          'export const handler = () => new Promise(() => setInterval(() => undefined, 1000));',
      },
      { application: 'visits', fromSource: ['StreamProcessorFunction'] },
    );
    const folder = makeFolder();
    const runner = await startRunnerProcess(folder, { args: templateIn(project) });
    await send(runner.url, '/tags/a');
    await waitFor(() =>
      listProcesses().some(({ argv }) => argv.join(' ').includes(`${folder}/build/Stream`)),
    );
    expect(await runner.end('SIGTERM')).toBe(0);
    expect(isAnyLeft(folder)).toBe(false);
  });

  it('when its terminal closes, and does not end another program with the same path in its arguments', async () => {
    const folder = makeFolder();
    const bystander = spawn('sh', ['-c', `: --db-path ${folder}/dynamodb.sqlite; sleep 600 & wait`], {
      detached: true,
    });
    endLater(() => {
      if (bystander.pid !== undefined) process.kill(-bystander.pid, 'SIGKILL');
    });
    const runner = await startRunnerProcess(folder, { application: 'visits' });
    expect(runner.output()).not.toContain('cleared');
    expect(await runner.end('SIGHUP')).toBe(0);
    expect(isAnyLeft(folder)).toBe(false);
    expect([bystander.exitCode, bystander.signalCode]).toEqual([null, null]);
  });
});

describe('Two simultaneous starts on the same data', () => {
  it('leave one running, and the other ends with a message', async () => {
    const folder = makeFolder();
    const both = [1, 2].map(() => spawnRunner(folder, { application: 'visits' }));
    const loser = await Promise.race(
      both.map(async (one) => ({ code: await one.exited, output: one.output() })),
    );
    expect(loser.code).toBe(1);
    expect(loser.output).toContain('Footfall already runs with the data in');
    const winner = both.find(({ child }) => child.exitCode === null);
    await waitFor(() => winner?.output().includes('Footfall is ready'), winner?.output);
    winner?.child.kill('SIGTERM');
    expect(await winner?.exited).toBe(0);
  });
});
