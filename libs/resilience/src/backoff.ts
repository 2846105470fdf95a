/** How pauses grow: from `baseMs`, twice as long each time, up to `capMs`. */
export interface BackoffPolicy {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Capped exponential backoff with full jitter: a random time between 0 and min(cap, base · 2^attempt).
 * Full jitter spreads contenders best (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015).
 * @param attempt counts from 0
 */
export function backoffMs(
  { baseMs, capMs }: BackoffPolicy,
  attempt: number,
  random: () => number = Math.random,
): number {
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30));
}

/** Resolves after so many milliseconds. */
export const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
