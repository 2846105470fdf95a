import { useEffect, useReducer, useState } from 'react';
import { type FollowAction, followed, type Followed, NOTHING_FOLLOWED } from './follow.js';
import type { LogMessage } from '../api/types.js';
import type { MessageFilters } from './messages-search.js';
import { messagesAfter } from './messages-queries.js';

/** How often is asked for what has come. A cursor goes on where the last answer ended: nothing is missed in between. */
const EVERY_MS = 1_000;

export interface Following {
  readonly state: Followed;
  readonly act: (action: FollowAction) => void;
  /** Why nothing came the last time. */
  readonly error: Error | undefined;
}

/**
 * What comes after a cursor, as it comes, while `isOn`.
 * @param begin where the page that is shown ends; undefined until it is known
 * @param key of the filters: with other ones it begins anew
 */
export function useFollow(filters: MessageFilters, key: string, begin: string | undefined, isOn: boolean): Following {
  const [state, act] = useReducer(followed, NOTHING_FOLLOWED);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    act({ type: 'restart' });
    setError(undefined);
    if (!isOn || begin === undefined) return undefined;
    const ending = new AbortController();
    let cursor = begin;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gathered: LogMessage[] = [];
    let shownAt = -Infinity;
    const ask = async (): Promise<void> => {
      let isBehind = false;
      try {
        // What nobody sees waits in Kafka.
        if (!document.hidden) {
          const { items, nextCursor, scanned } = await messagesAfter(filters, cursor, ending.signal);
          cursor = nextCursor ?? cursor;
          isBehind = !scanned.complete;
          gathered.push(...items);
          // Pages of one moment are drawn at once; of a long way behind, what was read is shown on the way.
          if (!isBehind || performance.now() - shownAt >= EVERY_MS) {
            shownAt = performance.now();
            if (gathered.length > 0) act({ type: 'came', messages: gathered });
            gathered = [];
          }
          setError(undefined);
        }
      } catch (problem) {
        if (ending.signal.aborted) return;
        setError(problem instanceof Error ? problem : new Error(String(problem)));
      }
      timer = setTimeout(() => void ask(), isBehind ? 0 : EVERY_MS);
    };
    void ask();
    return () => {
      ending.abort();
      clearTimeout(timer);
    };
    // The filters are in the key.
  }, [key, begin, isOn]);
  return { state, act, error };
}
