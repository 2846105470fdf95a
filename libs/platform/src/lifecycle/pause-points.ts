import { armPausePoints } from '@backstep/concurrency';
import type { Logger } from '../logging/logger.js';

/**
 * Holds this process for ever at the pause point that BACKSTEP_PAUSE_AT names, and says so in the log: a test then kills it there.
 * Only for tests that try what a death at a certain moment does; see docs/pause-points.md.
 */
export function armFromEnvironment(logger: Logger, pauseAt = process.env['BACKSTEP_PAUSE_AT']): void {
  if (!pauseAt) return;
  logger.warn('a pause point is armed', { pauseAt });
  armPausePoints((name) => {
    if (name !== pauseAt) return Promise.resolve();
    logger.warn('a pause point is reached', { pauseAt });
    logger.flush();
    return new Promise(() => undefined);
  });
}
