import { setTimeout as delay } from 'node:timers/promises';

type Outcome<T> = { readonly result: IteratorResult<T, void> } | { readonly error: unknown };

export interface BurstLimits {
  readonly ms: number;
  readonly items: number;
}

/**
 * Groups items that come within some milliseconds of the first, up to a limit. Nothing is held back longer and nothing is reordered. The source
 * is read one item at a time, at most one ahead, so a slow reader slows the source down.
 */
export async function* inBursts<T>(
  source: AsyncGenerator<T, void, void>,
  limits: BurstLimits,
): AsyncGenerator<T[], void, void> {
  // Settled, not rejected: an error that comes before it is awaited would count as unhandled.
  const ask = (): Promise<Outcome<T>> =>
    source.next().then(
      (result) => ({ result }),
      (error: unknown) => ({ error }),
    );
  try {
    for (let asked = ask(); ;) {
      const first = valueOf(await asked);
      if (first.done) return;
      const burst = [first.value];
      asked = ask();
      const over = delay(limits.ms, undefined);
      while (burst.length < limits.items) {
        const next = await Promise.race([asked, over]);
        if (next === undefined || !hasValue(next)) break;
        burst.push(next.result.value);
        asked = ask();
      }
      yield burst;
    }
  } finally {
    await source.return();
  }
}

const hasValue = <T>(outcome: Outcome<T>): outcome is { result: IteratorYieldResult<T> } =>
  'result' in outcome && outcome.result.done !== true;

function valueOf<T>(outcome: Outcome<T>): IteratorResult<T, void> {
  if ('error' in outcome) throw outcome.error;
  return outcome.result;
}
