import { useEffect, useRef, useState } from 'react';
import { ProblemError } from '../api/read.js';
import type { PlaceOrder } from '../api/types.js';
import { many } from '../api/many.js';
import { oneIsLeft, placeOne } from './place.js';
import type { Run } from './run-view.js';

interface Wanted {
  readonly title: string;
  readonly total: number;
  readonly body: PlaceOrder;
  /** Sees first to it that one piece of the last item is left. */
  readonly ofLastItem?: boolean;
}

/** One run of many orders at a time. Who leaves the page stops sending; what was placed goes on. */
export function useRuns() {
  const [run, setRun] = useState<Run>();
  const sending = useRef<AbortController>(undefined);
  useEffect(() => () => sending.current?.abort(), []);
  const begin = async ({ title, total, body, ofLastItem }: Wanted): Promise<void> => {
    sending.current?.abort();
    const { signal } = (sending.current = new AbortController());
    const begun: Run = { number: Date.now(), title, total, placed: [], isSending: true, error: null };
    setRun(begun);
    const tell = (change: Partial<Run>): void =>
      setRun((now) => (now?.number === begun.number ? { ...now, ...change } : now));
    try {
      if (ofLastItem) await oneIsLeft(signal);
      await many(
        total,
        () => placeOne(body, signal),
        (placed) => tell({ placed }),
        signal,
      );
      tell({ isSending: false });
    } catch (error) {
      // Stopped by a person: what was answered counts.
      tell({ isSending: false, error: error instanceof ProblemError ? error : null });
    }
  };
  return { run, begin, stop: () => sending.current?.abort() };
}
