/**
 * `npm run unit -- PATH…`: the unit specs whose path matches, at once: nothing is built, and no PostgreSQL or Kafka started.
 *
 *   npm run unit -- libs/saga/src/decide
 *   npm run unit -- when-payment -t 'times out'
 *
 *   npm run unit -- --watch libs/saga/src/decide
 *
 * Without a path, all of them. Options are Jest's. `--watch` runs them again whenever a file that they import is saved: those of the paths,
 * or without a path those that what is not committed belongs to.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
if (!existsSync(jest)) {
  console.error('The packages are not installed yet: `npm ci` does it.');
  process.exit(1);
}

const all = process.argv.slice(2);
const args = all.filter((arg) => arg !== '--watch');
const firstOption = args.findIndex((arg) => arg.startsWith('-'));
const paths = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
// With a path, Jest's own `--watch` would still leave out what is committed.
if (all.includes('--watch')) options.unshift(paths.length > 0 ? '--watchAll' : '--watch');
// `--selectProjects` takes every word that follows for a project, so paths have an option of their own.
const selection = ['--selectProjects=unit', ...(paths.length > 0 ? ['--testPathPatterns', ...paths] : [])];
const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];

const child = spawn(process.execPath, [...flags, jest, ...selection, ...options], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => (process.exitCode = code ?? 1));
