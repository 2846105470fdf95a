import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Report } from './report.js';

export const KAFKA_VERSION = '4.1.0';
/** Kafka 4 brokers need it. */
export const MIN_JAVA = 17;

const POM = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));
/** A first download over a slow line. */
const RESOLVE_WITHIN_MS = 10 * 60_000;

const run = promisify(execFile);

/** Shared by every clone and every test run of this machine: the jars are resolved once. `BACKSTEP_CACHE_DIR` moves it. */
export const cacheDir = (): string =>
  process.env['BACKSTEP_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'backstep');

/** The folder is named after what is in it, so that another pom never meets old jars. */
function jarsDir(): string {
  const pom = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 8);
  return join(cacheDir(), `kafka-${KAFKA_VERSION}-${pom}`);
}

/** @returns the folder with Kafka's jars, or undefined when they are not there and Maven is not either. */
export async function kafkaJars(report: Report): Promise<string | undefined> {
  const dir = jarsDir();
  if (existsSync(dir)) return dir;
  if (!(await works('mvn', '--version'))) return undefined;
  return report.step(`Kafka ${KAFKA_VERSION} from Maven (43 MB, once)`, () => resolve(dir));
}

/** Resolved beside and renamed, so that a cut-off download is never taken for the jars. Of two at once, one wins. */
async function resolve(dir: string): Promise<string> {
  const making = `${dir}.${process.pid}`;
  mkdirSync(making, { recursive: true });
  try {
    const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${making}`];
    await maven(['-q', '-B', '-f', POM, ...goal]);
    if (!existsSync(dir)) renameSync(making, dir);
    return dir;
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
}

async function maven(args: readonly string[]): Promise<void> {
  try {
    await run('mvn', args, { timeout: RESOLVE_WITHIN_MS, shell: process.platform === 'win32' });
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: string; stderr?: string };
    throw new Error(`Maven could not resolve Kafka's jars:\n${stdout ?? ''}${stderr ?? ''}`, { cause: error });
  }
}

export interface Java {
  readonly path: string;
  /** As in `17.0.15`. */
  readonly version: string;
}

/** The Java to run, or undefined when there is none that is new enough. `JAVA_HOME` goes first. */
export async function findJava(): Promise<Java | undefined> {
  const home = process.env['JAVA_HOME'];
  const candidates = [...(home ? [join(home, 'bin', 'java')] : []), 'java'];
  for (const path of candidates) {
    const version = await versionOf(path);
    // Java 8 called itself 1.8, which is too old either way.
    if (version !== undefined && Number.parseInt(version, 10) >= MIN_JAVA) return { path, version };
  }
  return undefined;
}

async function versionOf(java: string): Promise<string | undefined> {
  try {
    // On stderr: `openjdk version "17.0.15" 2025-04-15`.
    const { stderr } = await run(java, ['-version']);
    return /version "([\w.+-]+)"/.exec(stderr)?.[1];
  } catch {
    return undefined;
  }
}

/** True when the program can be run and says it is well. */
export async function works(command: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await run(command, args, { shell: process.platform === 'win32' });
    return true;
  } catch {
    return false;
  }
}
