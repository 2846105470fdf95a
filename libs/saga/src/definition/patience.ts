import { minutes, seconds, type Milliseconds } from './durations.js';

/** How often a command is sent in all, and how the pauses between grow: `min(maxBackoff, backoff · 2^(n-1))`, full jitter. */
export interface RetryPolicy {
  /** How often the command is sent in all, the first time included. */
  readonly attempts: number;
  /** Upper end of the first random pause. */
  readonly backoff: Milliseconds;
  /** No random pause is longer. */
  readonly maxBackoff: Milliseconds;
}

/** How long one ask waits for its answer, and how often it is asked. */
export interface Patience extends RetryPolicy {
  /** The answer is awaited for this long, plus the pause, before the next ask. */
  readonly wait: Milliseconds;
}

/** A step that can be taken back is given up soon: people wait, and giving up is safe. */
export const COMPENSATABLE_RETRY: RetryPolicy = { attempts: 3, backoff: seconds(1), maxBackoff: seconds(10) };

/**
 * Pivots, retriable steps and compensations have no way back, so they outlast a long outage (about an hour and a half at
 * {@link ASK_AGAIN_AFTER}) before a person is asked.
 */
export const PERSISTENT_RETRY: RetryPolicy = { attempts: 100, backoff: seconds(1), maxBackoff: minutes(1.5) };

/** How long an ask that will be repeated waits, unless the step says otherwise. */
export const ASK_AGAIN_AFTER: Milliseconds = seconds(10);

/**
 * How long to wait for the answer to the `attempt`-th ask (1 is the first). The last ask gets no pause: nothing follows it.
 * Full jitter after Marc Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): participants that come
 * back are not greeted by everybody at once.
 * @param random uniform in [0, 1)
 */
export function waitFor(patience: Patience, attempt: number, random: () => number): Milliseconds {
  if (attempt >= patience.attempts) return patience.wait;
  const ceiling = Math.min(patience.maxBackoff, patience.backoff * 2 ** (attempt - 1));
  return patience.wait + Math.floor(random() * ceiling);
}
