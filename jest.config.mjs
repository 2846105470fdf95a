import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * Three suites over the same sources: `*.unit.spec.ts` need nothing, `*.int.spec.ts` need PostgreSQL or Kafka,
 * `*.e2e.spec.ts` need the whole system. `npm test` (tools/test.mjs) starts what they need and runs all three.
 */
const ROOMS = ['apps', 'libs', 'proof', 'tools'];

/** Specs run on sources: what a package of ours exports from `dist` is found in `src`. */
function sourcesOfOurPackages() {
  const folders = ROOMS.flatMap((room) => readdirSync(new URL(room, import.meta.url)).map((name) => `${room}/${name}`));
  return Object.fromEntries(
    folders
      .filter((folder) => existsSync(new URL(`${folder}/package.json`, import.meta.url)))
      .flatMap((folder) => {
        const { name, exports = {} } = JSON.parse(
          readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8'),
        );
        return Object.entries(exports).map(([entry, { default: built }]) => {
          const source = built.replace('./dist/', `<rootDir>/${folder}/src/`).replace(/\.js$/, '.ts');
          return [`^${name}${entry.slice(1).replace('*', '(.+)')}$`, source.replace('*', '$1')];
        });
      }),
  );
}

const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  roots: ROOMS.map((room) => `<rootDir>/${room}`),
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
    ...sourcesOfOurPackages(),
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};

const suite = (name, extra = {}) => ({ ...base, displayName: name, testMatch: [`**/*.${name}.spec.ts`], ...extra });

export default {
  projects: [suite('unit'), suite('int'), suite('e2e')],
  testTimeout: 60_000,
  // A worker that has run a hundred files has a heap of 800 MB, and takes a second or more to give it back after its last handle is closed.
  // After Jest's own half second it would be killed meanwhile, and the specs blamed for what they have left open.
  workerGracefulExitTimeout: 10_000,
};
