import { useSyncExternalStore } from 'react';
import { useSettings } from '../shell/settings.js';
import { agoText, timeText, wholeTimeText } from './time-text.js';

/** One clock for all relative times of the page. */
const TICK_MS = 1_000;
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

export const useNow = (): number => useSyncExternalStore(listen, () => now);

/** By the minute: for what asks which day it is. Hundreds of times in a list are not drawn anew each second for it. */
const MINUTE_MS = 60_000;
const useMinute = (): number => useSyncExternalStore(listen, () => now - (now % MINUTE_MS));

/** An absolute time with ms. */
export function Time({ at }: { readonly at: number }) {
  const { clock } = useSettings();
  return (
    <time dateTime={Number.isNaN(at) ? undefined : new Date(at).toISOString()} title={wholeTimeText(at, clock)}>
      {timeText(at, clock, useMinute())}
    </time>
  );
}

export const Ago = ({ at }: { readonly at: number }) => <>{agoText(at, useNow())}</>;
