import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, ROOT } from '@backstep/infrastructure';

/** What npm installs, with the hash of each package: see docs/decisions/0058-the-peers-of-the-bench.md. */
const DECLARED = join(ROOT, 'proof', 'bench', 'restate-server');
const FILES = ['package.json', 'package-lock.json'];
/** A first download over a slow line. */
const INSTALL_WITHIN_MS = 10 * 60_000;
const EXECUTABLE = 0o755;

const SYSTEM = `${process.platform}-${process.arch}`;
const packageOf = (system: string): string => `@restatedev/restate-server-${system}`;
const PACKAGE = packageOf(SYSTEM);

/** @returns why there is no server of Restate here: it is not made for this system, or npm cannot get it; undefined when there is one */
export async function restateAbsence(system = SYSTEM): Promise<string | undefined> {
  if (!lockFile().includes(`"node_modules/${packageOf(system)}"`)) return `Restate has no server for ${system}`;
  try {
    return existsSync(await restateServer()) ? undefined : `npm has left out ${PACKAGE}`;
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n');
    return `npm cannot install ${PACKAGE} (${reason})`;
  }
}

/** @returns the path of the server's binary, which npm installs into the cache folder when it is asked for first */
export const restateServer = async (): Promise<string> =>
  join(await installed(), 'node_modules', PACKAGE, 'bin', 'restate-server');

const lockFile = (): string => readFileSync(join(DECLARED, 'package-lock.json'), 'utf8');

/** Filled beside and renamed, so that a download that was cut off is never taken for the whole. Of two at once, one wins. */
async function installed(): Promise<string> {
  const hash = createHash('sha256').update(lockFile()).digest('hex').slice(0, 8);
  const dir = join(cacheDir(), `restate-server-${hash}`);
  if (existsSync(dir)) return dir;
  const making = `${dir}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    for (const file of FILES) copyFileSync(join(DECLARED, file), join(making, file));
    await npm(['ci', '--no-audit', '--no-fund', '--ignore-scripts'], making);
    makeExecutable(join(making, 'node_modules', PACKAGE, 'bin', 'restate-server'));
    if (!existsSync(dir)) renameSync(making, dir);
    return dir;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** npm keeps the executable bit not on every system. */
function makeExecutable(file: string): void {
  if (existsSync(file)) chmodSync(file, EXECUTABLE);
}

/** npm as the person runs it: under `npm run` it names itself. */
async function npm(args: readonly string[], cwd: string): Promise<void> {
  const self = process.env['npm_execpath'];
  const isNpm = self?.endsWith('.js') ?? false;
  const [command, ...rest] = isNpm ? [process.execPath, self ?? '', ...args] : ['npm', ...args];
  const shell = !isNpm && process.platform === 'win32';
  await promisify(execFile)(command ?? 'npm', rest, { cwd, shell, timeout: INSTALL_WITHIN_MS });
}
