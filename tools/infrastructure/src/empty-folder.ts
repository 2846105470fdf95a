import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeKafkaVolume } from './kafka-docker.js';
import { RunFile } from './run-file.js';

/**
 * Ends what was left running from `dir` and the folders in it, and removes all their data. The folder itself stays.
 * @throws AlreadyRunningError while something started from there lives.
 */
export async function emptyFolder(dir: string): Promise<void> {
  mkdirSync(dir, { recursive: true });
  const below = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const homes = [dir, ...below.map(({ name }) => join(dir, name))].filter((home) => existsSync(join(home, 'run.json')));
  // Holding a folder's run file ends what was left, and keeps a starter from beginning under our hands.
  const held: RunFile[] = [];
  try {
    for (const home of homes) held.push(await RunFile.acquire(home));
    await removeKafkaVolume(join(dir, 'kafka'));
    for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true, force: true });
  } finally {
    for (const run of held) run.release();
  }
}
