import { useSyncExternalStore } from 'react';

/** One polite region for the whole page, and at most a sentence in five seconds: a live page must not talk without end. */
const APART_MS = 5_000;
let said = '';
let saidAt = -APART_MS;
let waiting: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** Of several within five seconds, the last one is said. */
export function announce(sentence: string): void {
  clearTimeout(waiting);
  const wait = saidAt + APART_MS - performance.now();
  waiting = setTimeout(
    () => {
      said = sentence;
      saidAt = performance.now();
      for (const listener of listeners) listener();
    },
    Math.max(0, wait),
  );
}

export function Announcements() {
  const sentence = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => said,
  );
  return (
    <p role="status" className="unseen">
      {sentence}
    </p>
  );
}
