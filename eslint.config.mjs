import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';
import { CONSTRAINTS } from './tools/boundaries.mjs';
import { checkedWrites } from './tools/checked-writes.mjs';

const KAFKAJS = { group: ['kafkajs', 'kafkajs/*'], message: 'Only libs/kafka knows kafkajs.' };
const TESTING = { group: ['@backstep/testing', '@backstep/*/testing'], message: 'Test helpers are for specs.' };
const IO = {
  group: ['@nestjs/*', 'typeorm', 'pg', 'fastify', 'node:fs', 'node:fs/*', 'node:net', 'node:http'],
  message: 'This file is pure: it decides, and the runtime does.',
};
/** See docs/decisions/0012-context-is-handed-on-by-hand.md */
const ASYNC_HOOKS = {
  name: 'node:async_hooks',
  message: 'It makes every promise of the process dearer: hand the context on.',
};
const VERSION_COLUMN = {
  name: 'typeorm',
  importNames: ['VersionColumn'],
  message: 'It counts and never checks: take @Version() of @backstep/concurrency.',
};
/**
 * Whose types the rules ask: over everything, one program of all sources and specs (1 GB; a program for each package takes twice the
 * time and 4 GB). Over one package, as Nx does it, its own program is a third of that.
 */
const { NX_TASK_TARGET_PROJECT: one } = process.env;
const PROGRAMS = one
  ? [`./{apps,libs,proof,tools}/${one}/tsconfig.spec.json`]
  : ['./tsconfig.spec.json', './apps/console/tsconfig.spec.json'];
const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      '.nx/**',
      '.backstep*/**',
      '.venv/**',
      'docs/**',
      'proof/packages/**/*.ts',
      'apps/console/src/api/openapi.d.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx, backstep: { rules: { 'checked-writes': checkedWrites } } },
    languageOptions: {
      parserOptions: {
        project: PROGRAMS,
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: false, allow: [], depConstraints: CONSTRAINTS },
      ],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: false }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'max-lines': ['error', { max: 320, skipBlankLines: false, skipComments: false }],
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [ASYNC_HOOKS, VERSION_COLUMN] }],
      'backstep/checked-writes': 'error',
      ...restrict(KAFKAJS, TESTING),
    },
  },
  { files: ['libs/kafka/**/*.ts'], rules: restrict(TESTING) },
  {
    files: [
      'libs/messages/src/**/*.ts',
      'apps/contracts/src/**/*.ts',
      'libs/saga/src/{definition,decide,store}/**/*.ts',
      'apps/**/*.rules.ts',
      'apps/**/*.saga.ts',
    ],
    rules: restrict(KAFKAJS, TESTING, IO),
  },
  // What strangers wrote is made safe to show in one place.
  {
    files: ['tools/cli/src/**/*.ts'],
    ignores: ['tools/cli/src/main.ts', 'tools/cli/src/shared/output.ts', '**/*.spec.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'stdout', message: 'Print through shared/output.ts.' },
        { object: 'process', property: 'stderr', message: 'Print through shared/output.ts.' },
      ],
    },
  },
  // What a message says is text to the page, never markup; of ours the page knows types.
  {
    files: ['apps/console/src/**/*.{ts,tsx}'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Messages are text of strangers.' },
        {
          selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|insertAdjacentHTML|srcdoc)$/]',
          message: 'Messages are text of strangers.',
        },
        {
          selector: "MemberExpression[property.name='randomUUID']",
          message: 'A page that came without TLS from another machine has none: call newRequestKey.',
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [{ group: ['@backstep/*'], allowTypeImports: true, message: 'The page knows types of ours only.' }],
        },
      ],
    },
  },
  // A handler is a plain decision: its entities name tables, it itself touches nothing.
  {
    files: ['apps/**/*.handler.ts'],
    rules: restrict(KAFKAJS, TESTING, { ...IO, group: ['typeorm', 'pg', 'fastify', 'node:*'] }),
  },
  {
    files: ['**/*.spec.ts', '**/testing/**/*.ts'],
    // In SQL a spec is whoever writes past us.
    rules: { 'max-lines': 'off', 'backstep/checked-writes': ['error', { sql: false }], ...restrict(KAFKAJS) },
  },
  // A lab shows what goes wrong.
  { files: ['proof/labs/src/labs/**/*.ts'], rules: { 'backstep/checked-writes': ['error', { sql: false }] } },
  { files: ['libs/kafka/**/*.spec.ts'], rules: { 'no-restricted-imports': 'off' } },
  prettier,
);
