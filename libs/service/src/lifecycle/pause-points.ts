import { armPausePoints } from '@backstep/resilience';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../logging/logger.js';

/**
 * Lets a test hold this process at a pause point by a file in BACKSTEP_PAUSE_DIR: whoever gets to the point `name` while there is a
 * file `name.armed` renames it to `name.reached` and holds still for ever. The rename is what makes it happen once, whatever
 * processes share the folder, and needs no restart to arm the next. Only for tests that try what a death at a certain moment does;
 * see docs/pause-points.md.
 */
export function armFromEnvironment(logger: Logger, environment: NodeJS.ProcessEnv = process.env): void {
  const folder = environment['BACKSTEP_PAUSE_DIR'];
  if (!folder) return;
  logger.warn('pause points can hold this process', { folder });
  armPausePoints((pausePoint) => {
    if (!claim(join(folder, pausePoint))) return Promise.resolve();
    logger.warn('held at a pause point', { pausePoint });
    logger.flush();
    return new Promise(() => undefined);
  });
}

/** @returns false when nobody armed it, or another was first. */
function claim(path: string): boolean {
  try {
    renameSync(`${path}.armed`, `${path}.reached`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
