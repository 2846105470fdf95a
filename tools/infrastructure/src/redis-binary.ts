import { chmodSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, filledByMaven, mavenWorks, works } from './maven.js';

/** A jar (Apache-2.0) that carries Redis 6.2 (BSD) for these systems, as Redis' own builds; nothing of it is run but the server. */
const ARTIFACT = 'com.github.codemonstur:embedded-redis:1.4.3';
/** First choice first: the one for amd64 needs libssl 3, the one for 386 needs nothing. */
const SYSTEMS: Readonly<Record<string, readonly string[]>> = {
  'linux-x64': ['linux-amd64', 'linux-386'],
  'linux-arm64': ['linux-arm64'],
  'darwin-x64': ['darwin-amd64'],
  'darwin-arm64': ['darwin-arm64'],
};
const EXECUTABLE = 0o755;

/**
 * A `redis-server` that runs here: the one on the PATH, else the one that Maven brings.
 * @returns its path or name; undefined where there is none for this system, and no Maven
 * @throws Error when Maven cannot resolve it
 */
export async function redisBinary(): Promise<string | undefined> {
  if (await works('redis-server', '--version')) return 'redis-server';
  const systems = SYSTEMS[`${process.platform}-${process.arch}`];
  if (!systems) return undefined;
  const dir = join(cacheDir(), `redis-${ARTIFACT.split(':').at(-1)}-${systems[0]}`);
  if (!existsSync(dir)) {
    if (!(await mavenWorks())) return undefined;
    const wanted = systems.map((system) => `redis-server-*-${system}`).join();
    await filledByMaven(dir, 'redis-server', (into) => [
      ...['dependency:unpack', `-Dartifact=${ARTIFACT}`],
      ...[`-Dmdep.unpack.includes=${wanted}`, `-DoutputDirectory=${into}`],
    ]);
  }
  for (const system of systems) {
    const name = readdirSync(dir).find((file) => file.endsWith(system));
    if (name === undefined) continue;
    const path = join(dir, name);
    chmodSync(path, EXECUTABLE);
    if (await works(path, '--version')) return path;
  }
  return undefined;
}
