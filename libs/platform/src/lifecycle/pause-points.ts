import { armPausePoints } from '@backstep/concurrency/pause-points';
import { existsSync, writeFileSync } from 'node:fs';
import type { Logger } from '../logging/logger.js';

/**
 * Holds this process for ever at the pause point that BACKSTEP_PAUSE_AT names, once: when it is reached the file BACKSTEP_PAUSE_FILE
 * is written, and where that file exists nobody is held. So a test waits for the file, kills the process there, and starts it again.
 * Only for tests that try what a death at a certain moment does; see docs/pause-points.md.
 */
export function armFromEnvironment(logger: Logger, environment: NodeJS.ProcessEnv = process.env): void {
  const pauseAt = environment['BACKSTEP_PAUSE_AT'];
  const file = environment['BACKSTEP_PAUSE_FILE'];
  if (!pauseAt || !file || existsSync(file)) return;
  logger.warn('a pause point is armed', { pauseAt });
  armPausePoints((name) => {
    if (name !== pauseAt) return Promise.resolve();
    logger.warn('a pause point is reached', { pauseAt });
    logger.flush();
    writeFileSync(file, String(process.pid));
    return new Promise(() => undefined);
  });
}
