import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cacheDir, filledByMaven, mavenWorks } from './maven.js';
import type { Report } from './report.js';

export const KAFKA_VERSION = '4.1.0';
/** Kafka 4 brokers need it. */
export const MIN_JAVA = 17;

const POM = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));

const run = promisify(execFile);

/** The folder is named after what is in it, so that another pom never meets old jars. */
function jarsDir(): string {
  const pom = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 8);
  return join(cacheDir(), `kafka-${KAFKA_VERSION}-${pom}`);
}

/** @returns the folder with Kafka's jars, or undefined when they are not there and Maven is not either. */
export async function kafkaJars(report: Report): Promise<string | undefined> {
  const dir = jarsDir();
  if (existsSync(dir)) return dir;
  if (!(await mavenWorks())) return undefined;
  const goal = (into: string) => [
    ...['-f', POM, 'dependency:copy-dependencies'],
    ...['-DincludeScope=runtime', `-DoutputDirectory=${into}`],
  ];
  return report.step(`Kafka ${KAFKA_VERSION} from Maven (43 MB, once)`, () => filledByMaven(dir, "Kafka's jars", goal));
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
