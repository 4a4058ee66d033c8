import eslint from '@eslint/js';
import jest from 'eslint-plugin-jest';
import prettier from 'eslint-config-prettier';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

const edges = ['aws', 'days', 'errors', 'http', 'tables'];
const domain = ['tags', 'visits', 'ledger', 'reports', 'members', 'signIn', 'sessions'];

/** The rooms of src, and the rooms that each may import from. Imports run downwards only; docs/architecture.md draws them. */
const rooms = {
  handlers: ['web', 'api', 'pages', 'snippet', ...domain, ...edges],
  web: ['pages', ...domain, ...edges],
  api: ['web', ...domain, ...edges],
  pages: [...domain, ...edges],
  reports: ['ledger', 'tags', ...edges],
  ledger: ['tags', ...edges],
  visits: ['tags', ...edges],
  tags: edges,
  members: edges,
  signIn: edges,
  sessions: edges,
  snippet: [],
  http: ['errors'],
  tables: ['days', 'errors'],
  aws: ['errors'],
  days: ['errors'],
  errors: [],
};

const zones = Object.entries(rooms).map(([room, imports]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...imports].map((name) => `./${name}`),
  message: `src/${room} may import from: ${imports.join(', ') || 'no other room'}.`,
}));

export default tseslint.config(
  { ignores: ['node_modules/', '.aws-sam/', '.footfall/', 'coverage/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // A number in a template literal is what a person expects it to be.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.js', '.json'] })] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': [
        'error',
        {
          zones: [
            ...zones,
            { target: './src', from: ['./local', './tests', './bench'], message: 'src stands alone.' },
            { target: './local', from: ['./tests', './bench'], message: 'local is what ships, not a test.' },
          ],
        },
      ],
    },
  },
  {
    // Only stores and clients call AWS; the rooms above them take those as arguments.
    files: ['src/{handlers,web,api,pages,http}/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['@aws-sdk/*', '@smithy/*'], allowTypeImports: true }] },
      ],
    },
  },
  {
    files: ['**/*.js'],
    languageOptions: {
      sourceType: 'commonjs',
      globals: { module: 'writable', require: 'readonly', process: 'readonly' },
    },
  },
  {
    files: ['tests/**/*.test.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: { 'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }] },
  },
  prettier,
);
