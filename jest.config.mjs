/**
 * Three suites over the same sources: `*.unit.spec.ts` need nothing, `*.int.spec.ts` need PostgreSQL or Kafka,
 * `*.e2e.spec.ts` need the whole system. `npm test` (tools/test.mjs) starts what they need and runs all three.
 */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/tools', '<rootDir>/chaos', '<rootDir>/bench'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  moduleNameMapper: {
    '^@backstep/infrastructure$': '<rootDir>/tools/infrastructure/src/index.ts',
    '^@backstep/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@backstep/([a-z-]+)/([a-z-]+)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

const suite = (name, extra = {}) => ({ ...base, displayName: name, testMatch: [`**/*.${name}.spec.ts`], ...extra });

export default {
  projects: [suite('unit'), suite('int'), suite('e2e')],
  testTimeout: 60_000,
};
