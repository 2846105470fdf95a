import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../shared/api.js';
import { EXIT, UnreachableError } from '../shared/exit-codes.js';
import type { OperableSaga } from './operable-saga.js';

const LOOK_EVERY_MS = 250;
/** Consecutive requests without an answer, after which it is an error: half a minute, as a restarting gateway needs. */
const SILENT_MAX = 120;

const ENDED: ReadonlySet<string> = new Set(['COMPLETED', 'COMPENSATED', 'ABANDONED']);

/** The exit code for the end of a followed saga; a saga that has not ended has one too. */
export const exitCodeOf = ({ state }: Pick<OperableSaga, 'state'>): number =>
  state === 'COMPLETED' ? EXIT.ok : ENDED.has(state) ? EXIT.failed : EXIT.stillPending;

/**
 * The saga as it is, and again each time it has moved, until it has ended or the signal aborts.
 * @throws ProblemAnswer; UnreachableError when the gateway stays away
 */
export async function* followSaga(
  read: () => ReturnType<Api['get']>,
  signal: AbortSignal,
  everyMs = LOOK_EVERY_MS,
): AsyncGenerator<OperableSaga, void, void> {
  let last = '';
  for (let silent = 0; !signal.aborted;) {
    try {
      const saga = (await read()) as OperableSaga;
      silent = 0;
      const now = JSON.stringify(saga);
      if (now !== last) yield saga;
      last = now;
      if (ENDED.has(saga.state)) return;
    } catch (error) {
      silent += 1;
      if (last === '' || !(error instanceof UnreachableError) || silent > SILENT_MAX) throw error;
    }
    await delay(everyMs, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
