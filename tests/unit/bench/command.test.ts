import { spawnSync } from 'node:child_process';
import { projectFolder } from '../../support/engine';

function runBench(...args: string[]) {
  const program = ['--import', 'tsx', 'bench/bench.ts', ...args];
  return spawnSync(process.execPath, program, { cwd: projectFolder, encoding: 'utf8' });
}

describe('npm run bench', () => {
  it('lists every option with --help, and measures nothing', () => {
    const { status, stdout, stderr } = runBench('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const option of ['--json', '--short', '--only', '--heap-calls', '--node-option'])
      expect(stdout).toMatch(new RegExp(`^  ${option}\\b.* {2}\\w`, 'm'));
  });

  it.each([
    ['an unknown option', ['--shrot'], "Unknown option '--shrot'"],
    ['an unknown part', ['--only', 'haep'], 'There is no part haep.'],
    [
      'a number of calls that is none',
      ['--heap-calls', 'many'],
      '--heap-calls must be a whole number above 0.',
    ],
  ])('names %s and exits with 1', (_mistake, args, message) => {
    const { status, stderr } = runBench(...args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
  });
});
