import { waitFor } from '@backstep/infrastructure';

const LOOK_EVERY_MS = 250;

/**
 * Looks until `look` answers something other than undefined or false. What it throws counts as "not yet": under chaos everything may be
 * away. @returns undefined when `withinMs` have passed.
 */
export const within = <T>(
  withinMs: number,
  look: () => Promise<T | undefined | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T | undefined> => waitFor(() => orUndefined(look), { timeoutMs: withinMs, everyMs });

/** What may fail because something is away: undefined then. */
export async function orUndefined<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch {
    return undefined;
  }
}
