import { execFile } from 'node:child_process';
import { mkdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { rowsOf } from '../system/database.js';
import { within } from '../waiting.js';
import type { World } from '../world.js';
import { SkippedError, type Fault } from './fault.js';

const run = promisify(execFile);

const ROOMY = 'size=3g';
/** What is left of the disk, in kB: a moment of write-ahead log. */
const LEFT_KB = 256;
const SHRINK_ATTEMPTS = 20;
const BACK_WITHIN_MS = 60_000;

/** PostgreSQL's disk is full: its data moves to a small file system in memory, which shrinks to what is used. Needs root and mount. */
export const fillDisk: Fault = {
  name: "PostgreSQL's disk full",
  weight: 1,
  touches: ['postgres'],
  lastsMs: [3_000, 10_000],
  leaves: ['restarts'],
  async apply(world) {
    const disk = join(world.dir, 'small-disk');
    await ontoSmallDisk(world, disk);
    await shrink(disk);
    return {
      what: `${LEFT_KB} kB left`,
      heal: async () => {
        await run('mount', ['-o', `remount,${ROOMY}`, disk]);
      },
    };
  },
};

/** PostgreSQL goes on writing: what is used may be more by the time it is to be all there is, and then the mount refuses. */
async function shrink(disk: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { stdout } = await run('df', ['--output=used', '-k', disk]);
    const used = Number(stdout.split('\n')[1]?.trim());
    try {
      await run('mount', ['-o', `remount,size=${used + LEFT_KB}k`, disk]);
      return;
    } catch (error) {
      if (attempt >= SHRINK_ATTEMPTS) throw error;
    }
  }
}

/** Once in a run; a second time it is there already. PostgreSQL is restarted for it. */
async function ontoSmallDisk({ dir, keeper, system, atTheEnd }: World, disk: string): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new SkippedError('only root on Linux may mount');
  const data = join(dir, 'postgres');
  const moved = join(disk, 'data');
  if ((await mkdir(disk, { recursive: true })) === undefined) return;
  try {
    await run('mount', ['-t', 'tmpfs', '-o', ROOMY, 'backstep-chaos', disk]);
  } catch (error) {
    await rm(disk, { recursive: true });
    throw new SkippedError(`this machine does not let us mount: ${String((error as Error).message).split('\n')[0]}`);
  }
  atTheEnd(async () => {
    await run('umount', [disk]);
  });
  await keeper.take(['postgres'], 'SIGINT');
  // `cp -a`: PostgreSQL insists on the owner and the mode of its files, which fs.cp does not keep.
  await run('cp', ['-a', data, moved]);
  await rename(data, `${data}.before`);
  await symlink(moved, data);
  keeper.letUp(['postgres']);
  const { order = '' } = system.environment().databases;
  if (!(await within(BACK_WITHIN_MS, () => rowsOf(order, 'SELECT 1')))) throw new Error('PostgreSQL did not come back');
}
