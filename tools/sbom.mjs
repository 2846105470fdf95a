/**
 * `npm run sbom`: what is installed to run, with its hashes, as CycloneDX in `sbom.cdx.json`. Asks no registry.
 * `npm sbom --omit=dev` leaves out packages that run where something that only builds needs them too. So npm's whole bill is taken, and
 * what the lock file installs for development only is taken out of it.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEVELOPMENT = 'cdx:npm:package:development';
/** Some thousand packages are a megabyte. */
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/** `name@version` of all that `npm ci --omit=dev` installs, our own packages with it. */
export function installed(lock) {
  const running = Object.entries(lock.packages).filter(([path, { dev, link }]) => path !== '' && !dev && !link);
  return new Set(
    // The lock file says a package's name where its folder has another one.
    running.map(([path, { name, version }]) => `${name ?? path.split('node_modules/').at(-1)}@${version}`),
  );
}

/** The bill without what is not `kept`. */
export function cut(bill, kept) {
  const components = once(bill.components, (component) => component['bom-ref'])
    .filter((component) => kept.has(component['bom-ref']))
    .map(ofRunning);
  const refs = new Set([bill.metadata.component['bom-ref'], ...components.map((component) => component['bom-ref'])]);
  const dependencies = once(bill.dependencies, ({ ref }) => ref)
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((needed) => refs.has(needed)) }));
  return { ...bill, components, dependencies };
}

/** npm 10 lists a package for each place that it is locked at; a reference must be unique. */
const once = (items, refOf) => [...new Map(items.map((item) => [refOf(item), item])).values()];

/** npm marks a package that is locked twice by the first of its places. */
const ofRunning = ({ properties = [], ...component }) => ({
  ...component,
  properties: properties.filter(({ name }) => name !== DEVELOPMENT),
});

export function bill() {
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const options = { cwd: root, maxBuffer: OUTPUT_MAX_BYTES, shell: process.platform === 'win32' };
  const whole = JSON.parse(execFileSync('npm', args, options).toString());
  return cut(whole, installed(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(join(root, 'sbom.cdx.json'), `${JSON.stringify(bill(), null, 2)}\n`);
}
