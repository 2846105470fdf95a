import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { orderQuery } from '../api/queries.js';

/** Orders that are read at the same time: a browser has six connections to the gateway, and the stream is one. */
const AT_A_TIME = 3;

const waiting = new Set<string>();
let running = 0;

/** Reads orders of which more is known to be new than what was told. Only those that are seen are asked for, and each once at a time. */
export function useReads(ids: readonly string[]): void {
  const client = useQueryClient();
  const text = ids.join();
  useEffect(() => {
    waiting.clear();
    for (const id of text === '' ? [] : text.split(',')) waiting.add(id);
    const next = (): void => {
      const [id] = waiting;
      if (id === undefined || running >= AT_A_TIME) return;
      waiting.delete(id);
      running += 1;
      // What cannot be read is shown as it was told.
      void client
        .fetchQuery({ ...orderQuery(id), staleTime: 0, retry: false })
        .catch(() => undefined)
        .finally(() => {
          running -= 1;
          next();
        });
      next();
    };
    next();
  }, [client, text]);
}
