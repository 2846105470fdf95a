import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import type { AnswerName } from './events.js';
import { useStream } from './use-stream.js';

/** An answer that stands for longer than this many of its pauses is asked for, also while a stream tells: it may not be able to. */
export const UNTOLD_PAUSES = 5;

interface Taken {
  readonly takenAt: string;
}

/**
 * What the stream tells whole goes where the page reads it: into the cache of what was asked for. The later one counts: what was asked for
 * after a click is newer than what was told before.
 */
export function useAnswers(keys: Readonly<Partial<Record<AnswerName, QueryKey>>>): void {
  const client = useQueryClient();
  useStream({ answers: Object.keys(keys) as AnswerName[] }, ({ answers }) => {
    for (const [name, answer] of Object.entries(answers)) {
      const key = keys[name as AnswerName];
      if (key) client.setQueryData<Taken>(key, (known) => (known && known.takenAt > answer.takenAt ? known : answer));
    }
  });
}
