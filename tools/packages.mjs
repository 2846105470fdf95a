/**
 * Holds each package to what it declares: `dependencies` and `peerDependencies` are what its sources import, `devDependencies` what only
 * its specs import of ours and what programs of development import of others, `references` of its tsconfig.json the packages of ours among
 * them. A package of the kit can be published. Who takes packages of the kit brings their peers, as any application does: npm installs the
 * peers of a workspace's package for development alone. Each has the targets of nx.json, and a tsconfig.spec.json with which its sources
 * and specs are linted and type-checked.
 *
 *   node tools/packages.mjs --check   names what is wrong; exit code 1 when something is
 *   node tools/packages.mjs           mends it: adds what is imported, in the version that others of ours have it, and takes out the rest
 *
 * A folder after the options is another clone.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { basename, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const isMain = process.argv[1] === fileURLToPath(import.meta.url);
const { values: given, positionals } = parseArgs({
  args: isMain ? process.argv.slice(2) : [],
  options: { check: { type: 'boolean' } },
  allowPositionals: true,
});
export const root = resolve(positionals[0] ?? fileURLToPath(new URL('..', import.meta.url)));
const written = [];
const ROOMS = ['apps', 'libs', 'proof', 'tools'];
const OURS = '@backstep/';
/** What an application has already, and must have once: the kit's packages name the versions that they work with. */
const PEERS = {
  '@aws-sdk/client-dynamodb': '^3.600.0',
  '@nestjs/common': '^11.0.0 || ^12.0.0',
  '@nestjs/core': '^11.0.0 || ^12.0.0',
  '@nestjs/microservices': '^11.0.0 || ^12.0.0',
  '@nestjs/platform-fastify': '^11.0.0 || ^12.0.0',
  ioredis: '^5.4.0',
  // Reached into, and patched: see libs/kafka.
  kafkajs: '2.2.4',
  mongodb: '^5.9.0 || ^6.0.0 || ^7.0.0',
  pg: '^8.11.0',
  'prom-client': '^15.0.0',
  rxjs: '^7.2.0',
  typeorm: '^1.1.0',
  zod: '^4.0.0',
};
/** Peers that only an entry beside the main one needs. */
const OPTIONAL_PEERS = {
  idempotency: ['@nestjs/common'],
  kafka: ['@nestjs/common', '@nestjs/microservices', 'rxjs'],
  locks: ['@nestjs/common', 'ioredis'],
  problems: ['@nestjs/common'],
  stores: ['@aws-sdk/client-dynamodb', 'ioredis', 'mongodb', 'pg'],
};
/**
 * Programs that whoever takes the package never runs, and pages, which bring all that they import along in their bundle. What they import of
 * others is among the package's `devDependencies`: it is in no image and in no bill of materials.
 */
const DEVELOPMENT = ['proof/bench/src/console/', 'proof/bench/src/peers/', 'apps/console/src/'];
/** Types that the declarations of whoever imports a package show to its users. */
const TYPES_OF = { pg: '@types/pg' };
/** What the repository's own package.json brings for every spec. */
const FOR_SPECS = new Set(Object.keys(readJson('package.json').devDependencies));

export const packages = () =>
  ROOMS.filter(isFile)
    .flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}`))
    // Nx loads the generators as they are: nothing of them is compiled.
    .filter((folder) => isFile(`${folder}/package.json`) && isFile(`${folder}/tsconfig.json`))
    .map((folder) => ({ folder, manifest: readJson(`${folder}/package.json`) }));

/** @returns what is wrong, a line each; with `write`, after mending what can be derived */
export function examine({ write = false } = {}) {
  const all = packages();
  const folderOf = new Map(all.map(({ folder, manifest }) => [manifest.name, folder]));
  const versions = versionsOf(all);
  for (const [name, version] of Object.entries(readJson('package.json').devDependencies)) {
    if (!versions.has(name)) versions.set(name, version);
  }
  const imports = new Map(all.map(({ folder }) => [folder, importsOf(folder)]));
  return [
    ...projectsLeftOut(all, write),
    ...all.flatMap(({ folder }) => {
      const used = { ...imports.get(folder), peers: peersToBring(folder, imports, folderOf) };
      if (write) declare(folder, used, { folderOf, versions });
      return wrongIn(folder, readJson(`${folder}/package.json`), used, folderOf);
    }),
  ];
}

/** The peers of the packages of the kit that a package takes, of each the package that wants it. A package of the kit passes its peers on. */
function peersToBring(folder, imports, folderOf) {
  const peers = new Map();
  if (inKit(folder)) return peers;
  const seen = new Set([folder]);
  for (const taker of seen) {
    for (const name of imports.get(taker).sources) {
      const taken = folderOf.get(name);
      if (taken && inKit(taken)) seen.add(taken);
      const isOptional = OPTIONAL_PEERS[basename(taker)]?.includes(name);
      if (inKit(taker) && name in PEERS && !isOptional && !peers.has(name)) peers.set(name, taker);
    }
  }
  return peers;
}

/** The root's tsconfig.json refers to every project, so that one build makes all of them. */
function projectsLeftOut(all, write) {
  const config = readJson('tsconfig.json');
  const missing = all
    .map(({ folder: path }) => ({ path }))
    .filter(({ path }) => isFile(`${path}/tsconfig.json`) && !config.references.some((one) => one.path === path));
  if (!write) return missing.map(({ path }) => `tsconfig.json does not refer to ${path}`);
  if (missing.length > 0) writeJson('tsconfig.json', { ...config, references: [...config.references, ...missing] });
  return [];
}

/** Of each package, the version in which one of ours has it. */
const versionsOf = (all) =>
  new Map([
    ...all.flatMap(({ manifest: { dependencies, devDependencies } }) =>
      Object.entries({ ...devDependencies, ...dependencies }),
    ),
    ...all.map(({ manifest: { name, version } }) => [name, version]),
  ]);

function wrongIn(folder, manifest, { sources, specs, peers }, folderOf) {
  const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
  const wrong = [];
  for (const name of sources) if (!(name in declared)) wrong.push(`${folder} imports ${name} and does not declare it`);
  for (const [name, taken] of peers) {
    if (!(name in declared)) wrong.push(`${folder} takes ${taken}, whose peer ${name} it does not declare`);
  }
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (!sources.has(name) && !peers.has(name) && !isTypesOf(name, sources))
      wrong.push(`${folder} declares ${name} and does not import it`);
  }
  for (const name of specs) {
    if (name in declared || name in (manifest.devDependencies ?? {}) || FOR_SPECS.has(name)) continue;
    wrong.push(`the specs of ${folder} import ${name}, which is not among its devDependencies`);
  }
  const fresh = inKit(folder) ? inFieldOrder({ ...manifest, ...publishable(folder, manifest) }) : manifest;
  if (JSON.stringify(fresh) !== JSON.stringify(manifest))
    wrong.push(`${folder}/package.json cannot be published as it is`);
  const wanted = referencesOf(folder, sources, folderOf);
  const present = (readJson(`${folder}/tsconfig.json`).references ?? []).map(({ path }) => path);
  if (wanted.join() !== [...present].sort().join()) {
    wrong.push(`${folder}/tsconfig.json refers to ${present.join(', ') || 'nothing'}; it imports ${wanted.join(', ')}`);
  }
  const targets = targetsOf(folder, manifest);
  if (JSON.stringify(targets) !== JSON.stringify(manifest.nx?.targets)) {
    wrong.push(`${folder}/package.json does not have the targets ${Object.keys(targets).join(', ')}`);
  }
  for (const path of looksAround(folder, targets)) {
    wrong.push(`${path} reads files outside ${folder}: name them as inputs of its target "test"`);
  }
  if (!isFile(`${folder}/tsconfig.spec.json`)) wrong.push(`${folder} has no tsconfig.spec.json`);
  return wrong;
}

function declare(folder, { sources, specs, peers: toBring }, { folderOf, versions }) {
  const manifest = readJson(`${folder}/package.json`);
  const peers = inKit(folder) ? [...sources].filter((name) => name in PEERS).sort() : [];
  const section = (names) =>
    Object.fromEntries(
      [...names]
        .filter((name) => versions.has(name))
        .sort()
        .map((name) => [name, versions.get(name)]),
    );
  const types = inKit(folder) ? peers.flatMap((name) => TYPES_OF[name] ?? []) : [];
  const dependencies = section(
    new Set([...[...sources].filter((name) => !peers.includes(name)), ...toBring.keys(), ...types]),
  );
  const ofSpecs = [...specs].filter((name) => !sources.has(name) && (folderOf.has(name) || !FOR_SPECS.has(name)));
  const kept = Object.keys(manifest.devDependencies ?? {}).filter(
    (name) => !name.startsWith(OURS) && !sources.has(name) && !toBring.has(name),
  );
  // The version that the kit itself is built and tested with.
  const devDependencies = section(new Set([...ofSpecs, ...kept, ...peers]));
  const nx = { ...manifest.nx, targets: targetsOf(folder, manifest) };
  const parts = {
    ...manifest,
    ...(inKit(folder) && publishable(folder, manifest)),
    nx,
    peerDependencies: Object.fromEntries(peers.map((name) => [name, PEERS[name]])),
    peerDependenciesMeta: optionalAmong(folder, peers),
    dependencies,
    devDependencies,
  };
  writeJson(`${folder}/package.json`, inFieldOrder(parts));
  const config = readJson(`${folder}/tsconfig.json`);
  const references = referencesOf(folder, sources, folderOf).map((path) => ({ path }));
  writeJson(`${folder}/tsconfig.json`, { ...config, references });
  // A page is compiled for browsers, and its package says how.
  if (!isPage(folder))
    writeJson(`${folder}/tsconfig.spec.json`, { extends: '../../tsconfig.spec.json', include: ['src/**/*.ts'] });
}

/** What nx.json says of a target is the default; a package says what is different. */
const targetsOf = (folder, { nx = {} }) => {
  const names = ['build', ...(unitSpecsIn(folder).length > 0 ? ['test'] : []), 'lint', 'typecheck'];
  return Object.fromEntries(names.map((name) => [name, nx.targets?.[name] ?? {}]));
};

const unitSpecsIn = (folder) => typeScriptIn(`${folder}/src`).filter((path) => path.endsWith('.unit.spec.ts'));

/** Unit specs that read what their package does not import, while Nx is told of nothing that would make them run again. */
const looksAround = (folder, { test }) =>
  test && !test.inputs ? unitSpecsIn(folder).filter((path) => /\bROOT\b|'(\.\.\/){4}'/.test(readText(path))) : [];

const isPage = (folder) => isFile(`${folder}/index.html`);
const inKit = (folder) => folder.startsWith('libs/');
const isTypesOf = (name, sources) => Object.entries(TYPES_OF).some(([of, types]) => types === name && sources.has(of));

const optionalAmong = (folder, peers) =>
  Object.fromEntries(
    (OPTIONAL_PEERS[basename(folder)] ?? [])
      .filter((name) => peers.includes(name))
      .map((name) => [name, { optional: true }]),
  );

/** What every package of the kit has, so that it can be published. */
const publishable = (folder, manifest) => ({
  ...manifest,
  private: undefined,
  keywords: ['saga', 'outbox', 'inbox', 'nestjs', 'kafka', 'postgresql'],
  engines: { node: readJson('package.json').engines.node },
  main: './dist/index.js',
  types: './dist/index.d.ts',
  files: ['dist', '!dist/**/*.tsbuildinfo', '!dist/**/*.map', 'CHANGELOG.md'],
  scripts: { prepack: 'node ../../tools/prepack.mjs' },
  publishConfig: { access: 'public' },
});

const FIELDS = [
  ...[
    'name',
    'version',
    'description',
    'keywords',
    'private',
    'license',
    'type',
    'engines',
    'bin',
    'main',
    'types',
    'exports',
  ],
  ...[
    'files',
    'scripts',
    'publishConfig',
    'peerDependencies',
    'peerDependenciesMeta',
    'dependencies',
    'devDependencies',
    'nx',
  ],
];
const isEmpty = (value) => value === undefined || (typeof value === 'object' && Object.keys(value).length === 0);

const inFieldOrder = (manifest) =>
  Object.fromEntries(
    [...FIELDS, ...Object.keys(manifest).filter((field) => !FIELDS.includes(field))]
      .filter((field) => !isEmpty(manifest[field]))
      .map((field) => [field, manifest[field]]),
  );

const referencesOf = (folder, names, folderOf) =>
  [...names]
    .filter((name) => folderOf.has(name))
    .map((name) => relative(folder, folderOf.get(name)))
    .sort();

/** Packages that a package's files import, by what the compiler takes for an import. */
function importsOf(folder) {
  const self = readJson(`${folder}/package.json`).name;
  const sources = new Set();
  const specs = new Set();
  for (const path of typeScriptIn(`${folder}/src`)) {
    const text = readText(path);
    const imported = ts.preProcessFile(text).importedFiles.map(({ fileName }) => fileName);
    const resolved = [...text.matchAll(/(?:createRequire\([^)]*\)|require)\.resolve\('([^'.][^']*)'\)/g)].map(
      ([, fileName]) => fileName,
    );
    for (const fileName of [...imported, ...resolved]) {
      const name = packageOf(fileName);
      if (name && name !== self) (isForDevelopment(path, name) ? specs : sources).add(name);
    }
  }
  return { sources, specs };
}

const isForDevelopment = (path, name) =>
  path.endsWith('.spec.ts') || (!name.startsWith(OURS) && DEVELOPMENT.some((folder) => path.startsWith(folder)));

const BUILT_IN = new Set(builtinModules);

function packageOf(specifier) {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || BUILT_IN.has(specifier)) return undefined;
  const [scope, name] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

const typeScriptIn = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => `${folder}/${name}`);

function isFile(path) {
  return existsSync(join(root, path));
}
function readText(path) {
  return readFileSync(join(root, path), 'utf8');
}
function readJson(path) {
  return JSON.parse(readText(path));
}
/** A file that says the same already keeps its formatting. */
function writeJson(path, value) {
  if (isFile(path) && JSON.stringify(readJson(path)) === JSON.stringify(value)) return;
  writeFileSync(join(root, path), `${JSON.stringify(value, null, 2)}\n`);
  written.push(join(root, path));
}

if (isMain) {
  const wrong = examine({ write: !given.check });
  for (const path of written) {
    writeFileSync(path, await format(readFileSync(path, 'utf8'), { ...(await resolveConfig(path)), filepath: path }));
  }
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
