/** @type {(name: string) => import('jest').Config} */
const project = (name) => ({
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
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
  projects: ['unit', 'integration', 'sam'].map(project),
};
