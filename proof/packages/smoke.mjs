/**
 * `npm run smoke:packages`: whether a team can install the kit. Packs every package of libs/, installs the tarballs into blank applications
 * outside of the repository, compiles them in strict mode, and runs a bakery in them on real PostgreSQL and Kafka: outbox → Kafka → inbox →
 * versioned row, a duplicate dropped, a poisoned message parked, a saga of two steps that succeeds and one that is compensated.
 *
 *   npm run smoke:packages                            all applications
 *   npm run smoke:packages -- nest12-esm-fastify      one of them
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap } from '../../tools/bootstrap.mjs';
import { pack } from './pack.mjs';
import { run, step } from './run.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const APPLICATIONS = readdirSync(HERE).filter((name) => existsSync(join(HERE, name, 'package-lock.json')));

/** What only a service on the chassis needs: an application that has its own is asked for none of it. */
const CHASSIS = /backstep-service(-messaging)?-\d/;

const named = process.argv.slice(2);
const unknown = named.filter((name) => !APPLICATIONS.includes(name));
if (unknown.length > 0) {
  console.error(`There is no application ${unknown.join(', ')}. There are ${APPLICATIONS.join(', ')}.`);
  process.exit(2);
}

await bootstrap();
const scratch = mkdtempSync(join(tmpdir(), 'backstep-packages-'));
let infrastructure;
try {
  const tarballs = await step('pack', () => pack(join(scratch, 'tarballs')));
  const { startTestInfrastructure } = await import('../../tools/testing/dist/index.js');
  infrastructure = await step('PostgreSQL and Kafka', () => startTestInfrastructure(join(scratch, 'infrastructure')));
  const { playBakery } = await import('./play-bakery.mjs');
  for (const name of named.length > 0 ? named : APPLICATIONS) {
    const application = join(scratch, name);
    await step(`${name}: install`, () => install(name, application, tarballs));
    await step(`${name}: compile`, () => run('npx', ['tsc', '-p', '.'], { cwd: application }));
    await playBakery(application, infrastructure, (what, work) => step(`${name}: ${what}`, work));
  }
  console.log('The kit can be installed and runs.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await infrastructure?.stop();
  rmSync(scratch, { recursive: true, force: true });
}

/** A blank application: its own packages from its lock file, the kit from the tarballs. */
async function install(name, application, tarballs) {
  mkdirSync(application, { recursive: true });
  cpSync(join(HERE, name), application, { recursive: true });
  cpSync(join(HERE, 'bakery'), join(application, 'src'), { recursive: true });
  cpSync(join(HERE, 'tsconfig.app.json'), join(application, 'tsconfig.json'));
  await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: application });
  await run(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', ...tarballs.filter((path) => !CHASSIS.test(path))],
    { cwd: application },
  );
  const copies = readdirSync(join(application, 'node_modules'), { recursive: true }).filter((path) =>
    /(^|\/)@nestjs\/common\/package\.json$/.test(path),
  );
  if (copies.length !== 1)
    throw new Error(`${name} has ${copies.length} copies of @nestjs/common:\n${copies.join('\n')}`);
}
