import { setTimeout as delay } from 'node:timers/promises';
import { ProblemAnswer } from '../shared/api.js';
import { UnreachableError } from '../shared/exit-codes.js';

const LOOK_EVERY_MS = 100;

export interface Insistence {
  readonly withinMs: number;
  /** Whether the error may pass. */
  mayChange(error: unknown): boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Tries again while the error may pass. @throws the last error when the time is over or the signal aborts */
export async function insist<T>({ withinMs, mayChange, signal }: Insistence, attempt: () => Promise<T>): Promise<T> {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (!mayChange(error) || Date.now() > until) throw error;
    }
    await delay(LOOK_EVERY_MS, undefined, signal ? { signal } : {});
  }
}

/** The gateway, or what it needs for this answer, is away. */
export const isAway = (error: unknown): boolean =>
  error instanceof UnreachableError || (error instanceof ProblemAnswer && error.status === 503);
