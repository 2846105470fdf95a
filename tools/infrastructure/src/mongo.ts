import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBound } from './bound-process.js';
import { findJava, MIN_JAVA } from './kafka-jars.js';
import { cacheDir, filledByMaven, mavenWorks } from './maven.js';
import { freePort, HOST } from './ports.js';

const POM = fileURLToPath(new URL('../mongo/pom.xml', import.meta.url));
const MAIN = fileURLToPath(new URL('../mongo/Main.java', import.meta.url));
/** Java compiles the source file first. */
const READY_WITHIN_MS = 60_000;
const MAX_HEAP = '-Xmx128m';

export interface Mongo {
  /** As in `mongodb://127.0.0.1:10001`. */
  readonly url: string;
  /** False for the one of `MONGODB_URL`. */
  readonly isEmulator: boolean;
  /** Ends the emulator that was started. The server of `MONGODB_URL` is left as it is. Safe to call again. */
  stop(): Promise<void>;
}

/**
 * A server that speaks MongoDB's protocol: that of `MONGODB_URL`, else mongo-java-server, an emulator, on a free loopback port. No package
 * registry has MongoDB's own. It ends with this process at the latest.
 * @returns undefined where neither is to be had; one line on stderr says so
 */
export async function startMongo(): Promise<Mongo | undefined> {
  const given = process.env['MONGODB_URL'];
  if (given) return { url: given, isEmulator: false, stop: () => Promise.resolve() };
  const java = process.platform === 'win32' ? undefined : await findJava();
  const jars = java && (await emulatorJars().catch((error: Error) => error));
  if (!java || jars === undefined || jars instanceof Error) {
    const why = jars instanceof Error ? ` (${jars.message.replaceAll(/\s+/g, ' ').slice(0, 200)})` : '';
    process.stderr.write(
      `No MongoDB: MONGODB_URL is not set, and its emulator needs Java ${MIN_JAVA} and Maven${why}.\n`,
    );
    return undefined;
  }
  const port = await freePort();
  const { stop } = await startBound({
    name: 'mongo-java-server',
    command: java.path,
    args: () => [
      MAX_HEAP,
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-cp',
      join(jars, '*'),
      MAIN,
      HOST,
      String(port),
    ],
    ready: () => isListening(port),
    readyWithinMs: READY_WITHIN_MS,
  });
  return { url: `mongodb://${HOST}:${port}`, isEmulator: true, stop };
}

async function emulatorJars(): Promise<string | undefined> {
  const pom = createHash('sha256').update(readFileSync(POM)).digest('hex').slice(0, 8);
  const dir = join(cacheDir(), `mongo-java-server-${pom}`);
  if (existsSync(dir)) return dir;
  if (!(await mavenWorks())) return undefined;
  return filledByMaven(dir, 'mongo-java-server', (into) => [
    ...['-f', POM, 'dependency:copy-dependencies'],
    ...['-DincludeScope=runtime', `-DoutputDirectory=${into}`],
  ]);
}

/** It binds the port when it can answer. */
function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    const end = (is: boolean) => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
