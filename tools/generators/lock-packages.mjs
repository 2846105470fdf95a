/**
 * `node tools/generators/lock-packages.mjs` does what `npm install` would for a new package of ours, without a look at any registry: the
 * packages that it asks for are there already, since another of ours has them. It enters the package into package-lock.json, without
 * which `npm ci` refuses, and links it into node_modules.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../packages.mjs';

const LOCK = join(root, 'package-lock.json');
/** What npm noted as installed. */
const INSTALLED = join(root, 'node_modules', '.package-lock.json');
const COPIED = ['name', 'version', 'license', 'dependencies', 'devDependencies', 'engines', 'peerDependencies'];

const folders = ['apps', 'libs', 'proof', 'tools'].flatMap((room) =>
  readdirSync(join(root, room)).map((name) => `${room}/${name}`),
);
const ours = folders
  .filter((folder) => existsSync(join(root, folder, 'package.json')))
  .map((folder) => ({ folder, manifest: JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) }));

for (const file of [LOCK, INSTALLED]) enter(file);
for (const { folder, manifest } of ours) {
  const link = join(root, 'node_modules', manifest.name);
  if (existsSync(link)) continue;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(relative(dirname(link), join(root, folder)), link, 'dir');
}

function enter(file) {
  if (!existsSync(file)) return;
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = ours.filter(({ folder }) => !lock.packages[folder]);
  if (missing.length === 0) return;
  const entries = missing.flatMap(({ folder, manifest }) => [
    [folder, Object.fromEntries(COPIED.filter((field) => manifest[field]).map((field) => [field, manifest[field]]))],
    [`node_modules/${manifest.name}`, { resolved: folder, link: true }],
  ]);
  const sorted = [...Object.entries(lock.packages), ...entries].sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)}\n`);
  console.log(`wrote ${relative(root, file)}`);
}
