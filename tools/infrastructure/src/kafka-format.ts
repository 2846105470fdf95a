import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { kafkaProperties, renderProperties } from './kafka-properties.js';
import { freePort, HOST } from './ports.js';

export interface JavaCommand {
  readonly java: string;
  readonly args: readonly string[];
}

/**
 * Formats the folder when it is new. It is made beside and renamed when whole: half a format is never taken for data.
 * @returns the path of the broker's properties. They are written anew each time: the controller talks to itself alone, so any
 * free port will do for it, and it may be another one next time.
 */
export async function formatted({ java, args }: JavaCommand, dataDir: string, port: number): Promise<string> {
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
    // One in 64 begins with a dash, which would read as an option if it stood alone.
    const clusterId = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
    await promisify(execFile)(java, [
      ...args,
      'kafka.tools.StorageTool',
      'format',
      `--cluster-id=${clusterId}`,
      '-c',
      config,
    ]);
    renameSync(making, logDir);
  }
  await write(logDir);
  return config;
}
