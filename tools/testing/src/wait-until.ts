/** How long after one answer a condition is asked again, milliseconds. */
const ASK_AGAIN_MS = { least: 20, most: 200 };
/** Of the time waited so far: each question costs a request or a statement, and what has taken seconds need not be seen in 20 ms. */
const SHARE_OF_THE_WAIT = 0.1;

/**
 * Waits for a condition, never for a time: resolves with the first value that is neither undefined nor false.
 * @throws Error naming what was waited for, with the last error, when `withinMs` is over.
 */
export async function waitUntil<T>(
  what: string,
  condition: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 30_000,
): Promise<T> {
  const began = Date.now();
  let last: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      last = error;
    }
    const waited = Date.now() - began;
    if (waited > withinMs) throw new Error(`waited ${withinMs} ms in vain for: ${what}`, { cause: last });
    const pause = Math.min(Math.max(waited * SHARE_OF_THE_WAIT, ASK_AGAIN_MS.least), ASK_AGAIN_MS.most);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
