import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaProperties, renderProperties } from './kafka-properties.js';
import { freePort, HOST } from './ports.js';

export interface JavaCommand {
  readonly java: string;
  readonly args: readonly string[];
  /** The folder of Kafka's jars. */
  readonly jars: string;
}

/** What formatting makes: the features that this version of Kafka begins with, the same for each broker, */
const FEATURES = 'bootstrap.checkpoint';
/** and whose folder it is. */
const OWNER = 'meta.properties';
const NODE_ID = 1;

/**
 * Formats the folder when it is new. It is made beside and renamed when whole: half a format is never taken for data.
 * @returns the path of the broker's properties. They are written anew each time: the controller talks to itself alone, so any
 * free port will do for it, and it may be another one next time.
 */
export async function formatted(command: JavaCommand, dataDir: string, port: number): Promise<string> {
  mkdirSync(dataDir, { recursive: true });
  const config = join(dataDir, 'server.properties');
  const logDir = join(dataDir, 'data');
  const write = async (dir: string) => {
    const place = { bind: HOST, port, advertised: `${HOST}:${port}`, controllerPort: await freePort(), logDir: dir };
    writeFileSync(config, renderProperties(kafkaProperties(place)));
  };
  if (!existsSync(logDir)) {
    const making = `${logDir}.new`;
    rmSync(making, { recursive: true, force: true });
    await write(making);
    await format(command, config, making);
    renameSync(making, logDir);
  }
  await write(logDir);
  return config;
}

/** Kafka's own tool does it, in a JVM, once on each machine: what it has made is kept beside the jars, and has other ids the next time. */
async function format({ java, args, jars }: JavaCommand, config: string, dir: string): Promise<void> {
  const kept = join(jars, FEATURES);
  if (existsSync(kept)) {
    mkdirSync(dir);
    // Written, not copied: a copy would be open to whom the original is.
    writeFileSync(join(dir, FEATURES), readFileSync(kept));
    const owner = [`node.id=${NODE_ID}`, `directory.id=${randomId()}`, 'version=1', `cluster.id=${randomId()}`];
    writeFileSync(join(dir, OWNER), `${owner.join('\n')}\n`);
    return;
  }
  // One in 64 ids begins with a dash, which would read as an option if it stood alone.
  const tool = ['kafka.tools.StorageTool', 'format', `--cluster-id=${randomId()}`, '-c', config];
  await promisify(execFile)(java, [...args, ...tool]);
  keep(join(dir, FEATURES), kept);
}

/** Half a file is never found there. Where nothing can be kept the tool does it again: all that this gives is speed. */
function keep(made: string, kept: string): void {
  const keeping = `${kept}.${process.pid}`;
  try {
    writeFileSync(keeping, readFileSync(made));
    renameSync(keeping, kept);
  } catch {
    rmSync(keeping, { force: true });
  }
}

/** As Kafka writes a UUID. */
const randomId = (): string => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
