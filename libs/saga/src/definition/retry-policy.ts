import { minutes, seconds, type Milliseconds } from './durations.js';

/** What a row's `retry` sets: how often the command is sent, and how the pauses grow: `min(maxBackoff, backoff · 2^(n-1))`, full jitter. */
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

/** A compensatable step has few attempts: people wait, and turning back is safe. */
export const COMPENSATABLE_RETRY: RetryOptions = { attempts: 3, backoff: seconds(1), maxBackoff: seconds(10) };

/**
 * Pivots, retriable steps and compensations cannot be compensated. Their attempts outlast a long outage (about an hour and a half at
 * {@link RETRY_AFTER}) before an operator is needed.
 */
export const PERSISTENT_RETRY: RetryOptions = { attempts: 100, backoff: seconds(1), maxBackoff: minutes(1.5) };

/** How long an attempt of a pivot, a retriable step or a compensation waits for its answer, unless its row says otherwise. */
export const RETRY_AFTER: Milliseconds = seconds(10);

/**
 * How long the `attempt`-th attempt (1 is the first) waits for its answer, its pause included. The last attempt has no pause, since no
 * attempt follows. Full jitter after Marc Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015): the sagas do not all
 * send to a participant at the moment when it is back.
 * @param random uniform in [0, 1)
 */
export function attemptTimeout(policy: RetryPolicy, attempt: number, random: () => number): Milliseconds {
  if (attempt >= policy.attempts) return policy.timeout;
  const ceiling = Math.min(policy.maxBackoff, policy.backoff * 2 ** (attempt - 1));
  return policy.timeout + Math.floor(random() * ceiling);
}
