import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  /** Pause between two looks. */
  readonly everyMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks until `look` answers something other than undefined or false, and returns that.
 * @returns undefined when `timeoutMs` have passed. Never rejects because of time; rejects when `look` does, or on abort.
 */
export async function waitFor<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  { timeoutMs, everyMs, signal }: WaitOptions,
): Promise<T | undefined> {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== false) return seen;
    if (Date.now() >= until) return undefined;
    await delay(everyMs, undefined, signal ? { signal } : {});
  }
}
