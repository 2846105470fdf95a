import { minutes, seconds, type Milliseconds } from './durations.js';

/** What a row's `retry` sets: how often its command is sent, and how the pauses grow: `min(maxBackoff, backoff · 2^(n-1))`, full jitter. */
export interface RetryOptions {
  /** How often the command is sent in all, the first time included. */
  readonly attempts: number;
  /** Upper end of the first random pause. */
  readonly backoff: Milliseconds;
  /** No random pause is longer. */
  readonly maxBackoff: Milliseconds;
}

/** How long each attempt waits for its answer, and how many attempts there are. */
export interface RetryPolicy extends RetryOptions {
  /** The answer is awaited for this long, plus the pause, before the next attempt. */
  readonly timeout: Milliseconds;
}

/** A step that can be taken back is given up soon: people wait, and giving up is safe. */
export const COMPENSATABLE_RETRY: RetryOptions = { attempts: 3, backoff: seconds(1), maxBackoff: seconds(10) };

/**
 * Pivots, retriable steps and compensations have no way back, so they outlast a long outage (about an hour and a half at
 * {@link RETRY_AFTER}) before a person is needed.
 */
export const PERSISTENT_RETRY: RetryOptions = { attempts: 100, backoff: seconds(1), maxBackoff: minutes(1.5) };

/** How long an attempt waits before the next where a step has no way back, unless its row says otherwise. */
export const RETRY_AFTER: Milliseconds = seconds(10);

/**
 * How long the `attempt`-th attempt (1 is the first) waits for its answer, its pause included. The last attempt has no pause: nothing
 * follows it. Full jitter after Marc Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): a participant that
 * comes back is not met by every saga at once.
 * @param random uniform in [0, 1)
 */
export function attemptTimeout(policy: RetryPolicy, attempt: number, random: () => number): Milliseconds {
  if (attempt >= policy.attempts) return policy.timeout;
  const ceiling = Math.min(policy.maxBackoff, policy.backoff * 2 ** (attempt - 1));
  return policy.timeout + Math.floor(random() * ceiling);
}
