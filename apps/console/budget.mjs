/** Holds the built console to its size, as browsers are sent it (gzip): what the first page loads, and what each further route adds. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const SITE = new URL('dist/site/', import.meta.url);
const KB = 1_000;
const FIRST_SCRIPT_MAX = 190 * KB;
const FIRST_STYLE_MAX = 12 * KB;
const ROUTE_MAX = 35 * KB;
/** The stream's worker, which a browser loads once for all tabs. */
const WORKER_MAX = 6 * KB;

const manifest = JSON.parse(readFileSync(new URL('manifest.json', SITE), 'utf8'));
const bytes = (file) => gzipSync(readFileSync(new URL(file, SITE))).length;
const sum = (files) => [...files].reduce((total, file) => total + bytes(file), 0);

/** The chunks that are loaded with one, itself included. */
function withImports(name, seen = new Set()) {
  if (!seen.has(name)) {
    seen.add(name);
    for (const one of manifest[name].imports ?? []) withImports(one, seen);
  }
  return seen;
}
const scripts = (names) => new Set([...names].map((name) => manifest[name].file));
const styles = (names) => new Set([...names].flatMap((name) => manifest[name].css ?? []));

const [entry] = Object.keys(manifest).filter((name) => manifest[name].isEntry);
const first = withImports(entry);
const workers = readdirSync(new URL('assets/', SITE)).filter((name) => /^worker-[\w-]+\.js$/.test(name));
if (workers.length !== 1) throw new Error(`there is one worker, and the build has ${workers.length}`);
const routes = Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry);
const checks = [
  ['script of the first load', sum(scripts(first)), FIRST_SCRIPT_MAX],
  ['style of the first load', sum(styles(first)), FIRST_STYLE_MAX],
  ['script of the worker', sum(workers.map((name) => `assets/${name}`)), WORKER_MAX],
  ...routes.map((route) => {
    const added = [...withImports(route)].filter((name) => !first.has(name));
    return [route, sum(scripts(added)) + sum(styles(added)), ROUTE_MAX];
  }),
];
const page = readFileSync(new URL('index.html', SITE), 'utf8');
if (page.indexOf('rel="stylesheet"') > page.indexOf('type="module"')) {
  console.log('✗ the page asks for its styles after its scripts, and is painted when both are there');
  process.exitCode = 1;
}
for (const [what, size, max] of checks) {
  console.log(`${size > max ? '✗' : '✓'} ${what}: ${(size / KB).toFixed(1)} of ${max / KB} kB, gzip`);
  if (size > max) process.exitCode = 1;
}
