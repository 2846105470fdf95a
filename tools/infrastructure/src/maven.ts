import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A first download over a slow line. */
const RESOLVE_WITHIN_MS = 10 * 60_000;

const run = promisify(execFile);

/** Shared by every clone and every test run of this machine: what Maven brings is resolved once. `BACKSTEP_CACHE_DIR` moves it. */
export const cacheDir = (): string =>
  process.env['BACKSTEP_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'backstep');

/** True when the program can be run and says it is well. */
export async function works(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, { shell: process.platform === 'win32' });
    return true;
  } catch {
    return false;
  }
}

export const mavenWorks = (): Promise<boolean> => works('mvn', '--version');

/**
 * Has Maven fill a folder of the cache. It is filled beside and renamed, so that a cut-off download is never taken for the whole. Of two
 * at once, one wins.
 * @param what for the error, as in `Kafka's jars`
 * @param goal the goal and its options that fill the folder
 */
export async function filledByMaven(dir: string, what: string, goal: (into: string) => string[]): Promise<string> {
  const making = `${dir}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    await maven(what, ['-q', '-B', ...goal(making)]);
    moveUnlessThere(making, dir);
    return dir;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

/** A folder that is not empty cannot be renamed over: the other one of the two was first. */
function moveUnlessThere(from: string, to: string): void {
  try {
    if (!existsSync(to)) renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

async function maven(what: string, args: readonly string[]): Promise<void> {
  try {
    await run('mvn', args, { timeout: RESOLVE_WITHIN_MS, shell: process.platform === 'win32' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`Maven could not resolve ${what}:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}
