import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { script, writeFiles } from './script.fixture.spec.js';

/**
 * Goal: a package declares what it imports and nothing else, has the targets of the others, and one of the kit can be published.
 * Method: the script itself, on a small clone that it has put in order; then something is wrong with each package of it.
 */
let clone: string;
const PACKAGES = ['bread', 'crust', 'flour', 'salt', 'water', 'yeast'] as const;

beforeAll(async () => {
  clone = mkdtempSync(join(tmpdir(), 'backstep-packages-'));
  writeFiles(clone, {
    'package.json': { engines: { node: '>=20.19' }, devDependencies: {} },
    'tsconfig.json': { files: [], references: [] },
  });
  for (const name of PACKAGES) {
    writeFiles(clone, {
      [`libs/${name}/package.json`]: { name: `@backstep/${name}`, version: '0.1.0', description: name, nx: { name } },
      [`libs/${name}/tsconfig.json`]: { include: ['src/**/*.ts'] },
      [`libs/${name}/src/index.ts`]: `export const ${name} = 1;\n`,
    });
  }
  const flour = { ...read('libs/flour/package.json'), dependencies: { ms: '2.1.3' } };
  writeFiles(clone, {
    'libs/flour/package.json': flour,
    'libs/flour/src/index.ts': "import ms from 'ms';\nexport const flour = ms('1s');\n",
    'libs/bread/src/index.ts':
      "import ms from 'ms';\nimport { flour } from '@backstep/flour';\nexport const bread = ms(flour);\n",
    'libs/crust/src/crust.unit.spec.ts': 'export {};\n',
    'libs/yeast/package.json': { ...read('libs/yeast/package.json'), devDependencies: { zod: '4.1.0' } },
    'libs/yeast/src/index.ts': "export { z as yeast } from 'zod';\n",
    'libs/water/src/index.ts': "export { yeast as water } from '@backstep/yeast';\n",
    'apps/baker/package.json': { name: '@backstep/baker', version: '0.1.0', nx: { name: 'baker' } },
    'apps/baker/tsconfig.json': { include: ['src/**/*.ts'] },
    'apps/baker/src/main.ts': "import '@backstep/water';\n",
  });
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const read = (path: string) => JSON.parse(readFileSync(join(clone, path), 'utf8')) as Record<string, unknown>;

it('a package gets its imports declared, in the version that another package has, and passes the check', async () => {
  expect(await script('packages.mjs', clone)).toMatchObject({ code: 0, stderr: '' });
  expect(read('libs/bread/package.json')).toMatchObject({
    dependencies: { '@backstep/flour': '0.1.0', ms: '2.1.3' },
    nx: { targets: { build: {}, lint: {}, typecheck: {} } },
  });
  expect(read('libs/bread/tsconfig.json')).toMatchObject({ references: [{ path: '../flour' }] });
  const folders = ['apps/baker', ...PACKAGES.map((name) => `libs/${name}`)];
  expect(read('tsconfig.json')).toMatchObject({ references: folders.map((path) => ({ path })) });
  expect(read('libs/crust/package.json')).toMatchObject({ nx: { targets: { test: {} } } });
  expect(await script('packages.mjs', '--check', clone)).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('an application gets the peers of the kit declared, of packages that it takes through others, too', () => {
  expect(read('libs/yeast/package.json')).toMatchObject({ peerDependencies: { zod: '^4.0.0' } });
  expect(read('libs/water/package.json')).toMatchObject({ dependencies: { '@backstep/yeast': '0.1.0' } });
  expect(read('apps/baker/package.json')['dependencies']).toEqual({ '@backstep/water': '0.1.0', zod: '4.1.0' });
});

it('what a program of development imports of others is for development alone, and what it imports of ours is built before it', async () => {
  writeFiles(clone, {
    'proof/bench/package.json': { name: '@backstep/bench', version: '0.1.0', nx: { name: 'bench' } },
    'proof/bench/tsconfig.json': { include: ['src/**/*.ts'] },
    'proof/bench/src/main.ts': 'export {};\n',
    'proof/bench/src/peers/app.ts':
      "import ms from 'ms';\nimport { flour } from '@backstep/flour';\nms(String(flour));\n",
  });
  expect(await script('packages.mjs', clone)).toMatchObject({ code: 0, stderr: '' });
  expect(read('proof/bench/package.json')).toMatchObject({
    dependencies: { '@backstep/flour': '0.1.0' },
    devDependencies: { ms: '2.1.3' },
  });
  expect(read('proof/bench/tsconfig.json')).toMatchObject({ references: [{ path: '../../libs/flour' }] });
  expect(await script('packages.mjs', '--check', clone)).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('a package with an error is named, with the error', async () => {
  writeFiles(clone, {
    'libs/bread/src/more.ts': "export { salt } from '@backstep/salt';\n",
    'libs/crust/src/crust.unit.spec.ts': 'export const page = (ROOT: string) => `${ROOT}/docs/bread.md`;\n',
    'libs/flour/src/index.ts': 'export const flour = 1;\n',
    'libs/salt/src/salt.unit.spec.ts': 'export {};\n',
    'libs/water/package.json': { ...read('libs/water/package.json'), private: true },
    'libs/yeast/package.json': { ...read('libs/yeast/package.json'), files: undefined },
    'apps/baker/package.json': {
      ...read('apps/baker/package.json'),
      dependencies: { '@backstep/water': '0.1.0', '@backstep/salt': '0.1.0' },
    },
  });
  const { code, stderr } = await script('packages.mjs', '--check', clone);
  expect({ code, lines: stderr.trimEnd().split('\n') }).toEqual({
    code: 1,
    lines: [
      'apps/baker takes libs/yeast, whose peer zod it does not declare',
      'apps/baker declares @backstep/salt and does not import it',
      'libs/bread imports @backstep/salt and does not declare it',
      'libs/bread/tsconfig.json refers to ../flour; it imports ../flour, ../salt',
      'libs/crust/src/crust.unit.spec.ts reads files outside libs/crust: name them as inputs of its target "test"',
      'libs/flour declares ms and does not import it',
      'libs/salt/package.json does not have the targets build, test, lint, typecheck',
      'libs/water/package.json cannot be published as it is',
      'libs/yeast/package.json cannot be published as it is',
    ],
  });
});
