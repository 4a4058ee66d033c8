const { availableParallelism } = require('node:os');

// The SDK says at every start that it will need a newer Node.js; that is not what the tests are about.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {(name: string, more?: import('jest').Config) => import('jest').Config} */
const project = (name, more = {}) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  // Jest takes CommonJS only, which d3 offers under this name.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'umd'] },
  // Types are checked once, by `npm run check`; here each file is only stripped of them.
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      {
        tsconfig: {
          module: 'commonjs',
          moduleResolution: 'node10',
          ignoreDeprecations: '6.0',
          isolatedModules: true,
        },
        diagnostics: false,
      },
    ],
  },
  ...more,
});

/** Every function is built once, for all tests of such a project. */
const withApplication = { globalSetup: '<rootDir>/tests/support/setup.ts' };

/** @type {import('jest').Config} */
module.exports = {
  // Ends only what hangs: many tests start processes, on machines that may be busy. Nothing is measured here.
  testTimeout: 300_000,
  // One more than there are processors, since tests mostly wait for processes; each such process takes memory.
  maxWorkers: Math.min(availableParallelism() + 1, 5),
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  projects: [
    project('unit'),
    project('integration', withApplication),
    project('long', withApplication),
    project('browser', withApplication),
    project('sam', {
      globalSetup: '<rootDir>/tests/sam/setup.ts',
      globalTeardown: '<rootDir>/tests/sam/teardown.ts',
    }),
  ],
};
