import { setTimeout as wait } from 'node:timers/promises';

/** Exponential backoff with full jitter, in ms (AWS Architecture Blog, "Exponential Backoff and Jitter"). `attempt` counts from 0. */
export function fullJitter(attempt: number, limits: { readonly baseMs: number; readonly capMs: number }): number {
  return Math.random() * Math.min(limits.capMs, limits.baseMs * 2 ** attempt);
}

/** Waits `ms`, or less when the signal aborts. Never throws. */
export async function delay(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Waits for `work`, at most `ms`. Tells whether it ended in time; what it threw is thrown. */
export async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  const done = new AbortController();
  try {
    return await Promise.race([work.then(() => true), delay(ms, done.signal).then(() => false)]);
  } finally {
    done.abort();
  }
}
