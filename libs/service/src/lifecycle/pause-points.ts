import { armPausePoints } from '@backstep/resilience';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../logging/logger.js';

/**
 * Lets a test hold this process at a pause point by a file in BACKSTEP_PAUSE_DIR. A process that reaches the point `name` while there is a
 * file `name.armed` renames it to `name.reached` and stands still for ever. Because of the rename only one process is held, however many
 * share the folder, and the next point can be armed without a restart. Only for tests of a death at a certain moment; see
 * docs/pause-points.md.
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

/** @returns false when the point is not armed, or another process was first */
function claim(path: string): boolean {
  try {
    renameSync(`${path}.armed`, `${path}.reached`);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
