/**
 * `npm run docs:api`: the reference of the kit, from the types and comments of what its entries export, as a site in .backstep-api/.
 *
 *   npm run docs:api                writes it; says which export has no comment, and which link of one leads nowhere
 *   npm run docs:api -- --check     the same without writing; exit code 1 when there is something to say
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Application } from 'typedoc';
import { packages, root } from './packages.mjs';

const OUT = join(root, '.backstep-api');
const LIBS = join(root, 'libs');
const { values: given } = parseArgs({ options: { check: { type: 'boolean' } } });

const kit = packages().filter(({ folder }) => folder.startsWith('libs/'));
/** The source of each entry. */
const entries = kit.flatMap(({ folder, manifest: { name, exports } }) =>
  Object.entries(exports).map(([entry, { default: built }]) => ({
    name: name + entry.slice(1),
    file: join(root, folder, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  })),
);

const app = await Application.bootstrap({
  name: 'Backstep',
  entryPoints: entries.map(({ file }) => file),
  tsconfig: oneProgram(),
  displayBasePath: LIBS,
  readme: 'none',
  hideGenerator: true,
  disableSources: true,
  excludeExternals: true,
  excludeInternal: true,
  excludePrivate: true,
  // The build finds errors of types.
  skipErrorChecking: true,
  validation: { invalidLink: true, notExported: true },
});
const project = await app.convert();
if (!project) process.exit(1);
for (const module of project.children ?? []) module.name = `@backstep/${module.name.replace(/\/src(?=\/|$)/, '')}`;
app.validate(project);
for (const { name, children = [] } of project.children ?? []) {
  for (const one of children) if (!isDocumented(one)) app.logger.warn(`${name}: ${one.name} has no comment`);
}
if (!given.check) {
  await app.generateDocs(project, OUT);
  console.log(`The reference of ${entries.length} entries is in ${OUT}/index.html.`);
} else if (app.logger.hasErrors() || app.logger.hasWarnings()) {
  process.exitCode = 1;
}

/** A name that another entry exports as well is documented there. A function has its comment in its signature. */
function isDocumented(exported) {
  return exported.isReference() || exported.hasComment() || (exported.signatures ?? []).some((one) => one.hasComment());
}

/** All entries in one program, so that a type of another package is the one that is documented there. @returns its tsconfig.json */
function oneProgram() {
  const folder = join(root, 'node_modules', '.cache', 'backstep');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'tsconfig.api.json');
  const config = {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: true,
      composite: false,
      rootDir: root,
      paths: Object.fromEntries(entries.map(({ name, file }) => [name, [file]])),
    },
    files: entries.map(({ file }) => file),
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
