import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { answersAsKafka } from './kafka-probe.js';
import { formatted } from './kafka-format.js';
import type { Java } from './kafka-jars.js';
import { freePort } from './ports.js';
import type { Report } from './report.js';
import { waitFor } from './wait.js';

/** Starting, and writing 50 MB of classes at the end, on a busy machine. */
const RECORD_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 50;

/**
 * Java's class data sharing: a broker loads its 9,000 classes from one mapped file instead of parsing and checking each.
 * Measured on two cores: the first seven seconds of a broker cost 4.3 CPU-s instead of 7.1. Recorded once per machine and Java.
 * @returns the arguments that use it; none when it could not be recorded, for all it gives is speed.
 */
export async function classArchive(
  java: Java,
  jvm: readonly string[],
  jars: string,
  report: Report,
): Promise<string[]> {
  const archive = join(jars, `classes-${java.version}.jsa`);
  // An archive that does not fit, say after a change of the jars, is passed over by Java; its warnings help nobody.
  const use = [`-XX:SharedArchiveFile=${archive}`, '-Xshare:auto', '-Xlog:disable', '-Xlog:all=error:stderr'];
  if (existsSync(archive)) return use;
  try {
    await report.step("Kafka's class archive (once)", () => record(java, jvm, jars, archive));
    return use;
  } catch (error) {
    report.note(`Kafka will start slower: ${(error as Error).message}`);
    return [];
  }
}

/** Runs a broker for as long as it takes to be ready, and has Java write down the classes it used. */
async function record(java: Java, jvm: readonly string[], jars: string, archive: string): Promise<void> {
  // On the disk where the archive will be: it is moved there when it is whole.
  const dir = mkdtempSync(join(dirname(dirname(archive)), 'recording-'));
  const port = await freePort();
  const making = join(dir, 'classes.jsa');
  try {
    const config = await formatted({ java: java.path, args: jvm, jars }, dir, port);
    const args = [`-XX:ArchiveClassesAtExit=${making}`, '-Xlog:disable', ...jvm, 'kafka.Kafka', config];
    const broker = spawn(java.path, args, { stdio: 'ignore', timeout: RECORD_WITHIN_MS, killSignal: 'SIGKILL' });
    const exited = once(broker, 'exit');
    await Promise.race([
      waitFor(() => answersAsKafka(port), { timeoutMs: RECORD_WITHIN_MS, everyMs: LOOK_EVERY_MS }),
      exited,
    ]);
    broker.kill('SIGTERM');
    await exited;
    if (!existsSync(making)) throw new Error('Java wrote no class archive');
    renameSync(making, archive);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
