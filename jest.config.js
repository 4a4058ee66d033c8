// The SDK says at every start that it will need a newer Node.js; that is not what the tests are about.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {(name: string) => import('jest').Config} */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  // Jest takes CommonJS only, which d3 offers under this name.
  testEnvironmentOptions: { customExportConditions: ['node', 'node-addons', 'umd'] },
  // Types are checked once, by `npm run check`; here each file is only stripped of them.
  transform: {
    '^.+\\.ts$': [
      'ts-jest',
      {
        tsconfig: { module: 'commonjs', moduleResolution: 'node10', ignoreDeprecations: '6.0' },
        diagnostics: false,
      },
    ],
  },
});

/** @type {import('jest').Config} */
module.exports = {
  // Many tests start processes, and machines may be busy; nothing is measured here.
  testTimeout: 30_000,
  projects: [
    project('unit'),
    project('integration'),
    project('browser'),
    {
      ...project('sam'),
      globalSetup: '<rootDir>/tests/sam/setup.ts',
      globalTeardown: '<rootDir>/tests/sam/teardown.ts',
    },
  ],
};
