/** Requests of one page at a time. A browser has six connections for an origin over HTTP/1.1, and the stream and the page's own reads want theirs. */
export const AT_ONCE = 4;

/**
 * Does the same many times, so many at once. One that fails ends none of the others: `work` tells what came of it.
 * @param tell gets how many have ended
 */
export async function many<T>(
  count: number,
  work: (number: number) => Promise<T>,
  tell: (ended: readonly T[]) => void,
  signal: AbortSignal,
): Promise<readonly T[]> {
  const ended: T[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count && !signal.aborted) {
      next += 1;
      ended.push(await work(next));
      tell([...ended]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, lane));
  return ended;
}
