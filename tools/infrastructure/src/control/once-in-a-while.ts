/**
 * Does work for many who ask: one at a time, whose answer all get that ask meanwhile, and not again until some time after it has ended; until
 * then its answer is given again, a failure too.
 */
export function onceInAWhile<T>(
  work: () => Promise<T>,
  pauseMs: number,
  now: () => number = Date.now,
): () => Promise<T> {
  let latest: Promise<T> | undefined;
  let mayBeginAt = 0;
  return () => {
    if (latest && now() < mayBeginAt) return latest;
    mayBeginAt = Infinity;
    const ended = (): void => void (mayBeginAt = now() + pauseMs);
    latest = work();
    latest.then(ended, ended);
    return latest;
  };
}
