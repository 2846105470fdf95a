/** How often a condition is asked, milliseconds. */
const ASK_EVERY_MS = 20;

/**
 * Waits for a condition, never for a time: resolves with the first value that is neither undefined nor false.
 * @throws Error naming what was waited for, with the last error, when `withinMs` is over.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 30_000,
): Promise<T> {
  const until = Date.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`waited ${withinMs} ms in vain for: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
