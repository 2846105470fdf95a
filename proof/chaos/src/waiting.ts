import { waitFor } from '@backstep/infrastructure';

const LOOK_EVERY_MS = 250;

/**
 * Calls `look` until it returns something other than undefined or false. An error counts as "not yet", since under chaos everything may be
 * away. @returns undefined when `withinMs` have passed.
 */
export const within = <T>(
  withinMs: number,
  look: () => Promise<T | undefined | false>,
  everyMs = LOOK_EVERY_MS,
): Promise<T | undefined> => waitFor(() => orUndefined(look), { timeoutMs: withinMs, everyMs });

/** The result of `work`; undefined when it fails because something is away. */
export async function orUndefined<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt();
  } catch {
    return undefined;
  }
}
