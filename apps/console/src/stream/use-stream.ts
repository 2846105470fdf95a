import { useEffect, useRef, useSyncExternalStore } from 'react';
import type { Batch } from './batch.js';
import { latestTick, streamState, subscribe, watchState } from './client.js';
import type { Tick } from './events.js';
import { isTelling, type StreamState } from './state.js';
import type { Wish } from './wish.js';

/**
 * Tells a page what happens, ten times a second at most, from the one stream of the browser.
 *
 *     useStream({ sagas: true }, ({ orders, sagas, messages, tick, gap }) => { … });
 *
 * `orders` and `tick` come to everybody; `sagas`, `messages` (of all orders) and `messagesOf` (of some) to whoever wishes them. Changes of orders and
 * sagas come in any order and more than once: the higher version counts. Where `gap` names a kind, something was left out: read again what
 * is shown of it. While `useIsTold()` is false, ask again and again instead.
 */
export function useStream(wish: Wish, onBatch: (batch: Batch) => void): void {
  const listener = useRef(onBatch);
  useEffect(() => {
    listener.current = onBatch;
  });
  const text = JSON.stringify(wish);
  useEffect(() => subscribe(JSON.parse(text) as Wish, (batch) => listener.current(batch)), [text]);
}

export const useStreamState = (): StreamState => useSyncExternalStore(watchState, streamState);

/** Whether what happens is told now. */
export const useIsTold = (): boolean => useSyncExternalStore(watchState, () => isTelling(streamState()));

/** How the whole system was a second ago; undefined before the first tick. */
export const useTick = (): Tick | undefined => useSyncExternalStore(watchState, latestTick);
