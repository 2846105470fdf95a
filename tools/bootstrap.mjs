/**
 * What must be there before anything of ours can run: the right Node, the packages, the build.
 * Uses nothing but Node, because in a bare clone there is nothing else.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Not in node_modules, which `npm ci` empties, nor in .backstep, which `npm run reset` does. */
const LOCK = join(root, '.backstep-bootstrap', 'lock');
/** Runs `work` while no other process of this clone installs or builds. */
export const alone = (work) => withLock(LOCK, work);

const SHOW_PROGRESS_EVERY_MS = 10_000;

/** Brings packages and build up to date; says what it does only while it does something. Ends the process when it cannot. */
export async function bootstrap() {
  try {
    checkNode();
    // The ordinary case takes no lock; who had to wait for it finds the work done.
    if (packagesAreThere() && isBuilt(fingerprint())) return;
    await alone(async () => {
      if (!packagesAreThere()) await step('packages (npm ci)', () => npm('ci', '--no-audit', '--no-fund'));
      await unlessBuilt(() => step('build', build));
    });
  } catch (error) {
    console.error(error.message);
    process.exit(1);
  }
}

function checkNode() {
  const wanted = JSON.parse(read('package.json')).engines.node.replace('>=', '');
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(`Backstep needs Node ${wanted} or later; this is ${process.versions.node}.`);
}

/** Compares what npm noted as installed with the lock file: times would lie after a checkout. */
function packagesAreThere() {
  const note = join('node_modules', '.package-lock.json');
  if (!existsSync(join(root, note))) return false;
  const installed = JSON.parse(read(note)).packages;
  const locked = Object.entries(JSON.parse(read('package-lock.json')).packages);
  return locked.every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      (installed[path]?.version === entry.version && installed[path]?.integrity === entry.integrity),
  );
}

const STAMP = join('node_modules', '.cache', 'backstep', 'built');
const PROJECTS = ['libs', 'apps', 'proof', 'tools'];
/** The last two are laid beside a package that is packed. */
const NOT_SOURCE = new Set(['node_modules', 'dist', 'LICENSE', 'CHANGELOG.md']);

/** Nx knows this better, but takes two seconds to say that nothing changed. Names, sizes and times are enough to ask it or not. */
function fingerprint() {
  const hash = createHash('sha256');
  const add = (path) => {
    const stat = statSync(join(root, path));
    if (stat.isDirectory()) {
      for (const name of readdirSync(join(root, path)).sort()) if (!NOT_SOURCE.has(name)) add(join(path, name));
    } else {
      hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`);
    }
  };
  for (const path of [...PROJECTS, 'package-lock.json', 'tsconfig.base.json', 'nx.json']) add(path);
  return hash.digest('hex');
}

const projects = () =>
  PROJECTS.flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name))).filter(
    (project) => existsSync(join(project, 'tsconfig.json')),
  );

const hasDist = (project) => existsSync(join(project, 'dist'));

function isBuilt(sources) {
  return existsSync(join(root, STAMP)) && read(STAMP) === sources && projects().every(hasDist);
}

/**
 * Leaves a build alone that is up to date: Nx would take each `dist` away and put it back from its cache, under the eyes of whatever runs
 * beside it.
 */
export async function unlessBuilt(work = build) {
  if (!isBuilt(fingerprint())) await work();
}

/**
 * Builds what changed, through Nx and its cache. In a bare clone one compiler goes over all projects (30 s on two cores; one for each project,
 * each reading the same packages' types again, takes 80), and the page is bundled beside it. Nx, which would start a compiler for each project to
 * find it up to date, is told at the next build; the graph of projects that it keeps is what lint checks their boundaries by.
 */
export async function build() {
  const sources = fingerprint();
  if (projects().some(hasDist)) await nx('run-many', '-t', 'build');
  else await Promise.all([compile(), bundle(), nx('show', 'projects')]);
  remember(sources);
}

const compile = () => quietly(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc'), '-b']);

/** What the build of the console is beside its compiler's. */
async function bundle() {
  await npm('run', '--silent', '--workspace=apps/console', 'bundle');
  await quietly(process.execPath, [join(root, 'apps', 'console', 'budget.mjs')]);
}

function remember(sources) {
  mkdirSync(dirname(join(root, STAMP)), { recursive: true });
  writeFileSync(join(root, STAMP), sources);
}

const read = (path) => readFileSync(join(root, path), 'utf8');

/** Runs `work`, showing that it still does. */
async function step(name, work) {
  const began = Date.now();
  const seconds = () => `${((Date.now() - began) / 1000).toFixed(1)} s`;
  console.log(`  … ${name}`);
  const timer = setInterval(() => console.log(`  … ${name}: ${seconds()}`), SHOW_PROGRESS_EVERY_MS);
  try {
    await work();
    console.log(`  ✓ ${name}: ${seconds()}`);
  } finally {
    clearInterval(timer);
  }
}

/** npm as the person runs it: under `npm start` it names itself. */
function npm(...args) {
  const self = process.env.npm_execpath;
  return self?.endsWith('.js') ? quietly(process.execPath, [self, ...args]) : quietly('npm', args);
}

function nx(...args) {
  const home = join(root, 'node_modules', 'nx');
  const { bin } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  return quietly(process.execPath, [join(home, bin.nx), ...args], { NX_TUI: 'false', NX_DAEMON: 'false' });
}

/** Shows the output only when the program fails. */
function quietly(command, args, env = {}) {
  return new Promise((resolve, reject) => {
    const shell = process.platform === 'win32' && command === 'npm';
    const child = spawn(command, args, {
      cwd: root,
      shell,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Error(`${Buffer.concat(output).toString()}\n${command} ${args.join(' ')} failed with exit code ${code}.`),
        );
    });
  });
}
