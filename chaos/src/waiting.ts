import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 250;

/**
 * Looks until `look` answers something other than undefined or false. What it throws counts as "not yet": under chaos everything may be
 * away. @returns undefined when `withinMs` have passed.
 */
export async function within<T>(
  withinMs: number,
  look: () => Promise<T | undefined | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T | undefined> {
  for (const until = performance.now() + withinMs; ;) {
    const seen = await orUndefined(look);
    if (seen !== undefined && seen !== false) return seen;
    if (performance.now() >= until) return undefined;
    await delay(everyMs);
  }
}

/** What may fail because something is away: undefined then. */
export async function orUndefined<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch {
    return undefined;
  }
}
