import { armPausePoints } from '@backstep/resilience';
import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../logging/logger.js';

/** How often a process that is held looks whether it may go on. */
const HELD_LOOKS_EVERY_MS = 100;

/**
 * Lets a test hold this process at a pause point by a file in BACKSTEP_PAUSE_DIR. A process that reaches the point `name` while there is a
 * file `name.armed` renames it to `name.reached` and stands still until somebody removes that file. Because of the rename only one process is
 * held, however many share the folder, and the next point can be armed without a restart. Only for tests of a death at a certain moment, and
 * for faults that a person makes; see docs/pause-points.md.
 */
export function armFromEnvironment(logger: Logger, environment: NodeJS.ProcessEnv = process.env): void {
  const folder = environment['BACKSTEP_PAUSE_DIR'];
  if (!folder) return;
  logger.warn('pause points can hold this process', { folder });
  armPausePoints(async (pausePoint) => {
    const path = join(folder, pausePoint);
    if (!claim(path)) return;
    logger.warn('held at a pause point', { pausePoint });
    logger.flush();
    await removed(`${path}.reached`);
    logger.warn('let go at a pause point', { pausePoint });
  });
}

/** @returns false when the point is not armed, or another process was first */
function claim(path: string): boolean {
  // Nearly always there is none, and a rename that fails takes ten times as long as this look.
  if (!existsSync(`${path}.armed`)) return false;
  try {
    renameSync(`${path}.armed`, `${path}.reached`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function removed(path: string): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (existsSync(path)) return;
      clearInterval(timer);
      resolve();
    }, HELD_LOOKS_EVERY_MS);
    // A process that is to end is not kept from it.
    timer.unref();
  });
}
