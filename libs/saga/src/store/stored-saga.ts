import type { Instant, SagaInstance, SagaStatus } from '../decide/instance.js';

/** A stored instance, with the version of its row: 1 when inserted, one more with every update. */
export interface StoredSaga {
  readonly instance: SagaInstance;
  readonly version: number;
}

/** A saga whose timer fires: see `timerFor`. */
export interface DueSaga {
  readonly sagaId: string;
  readonly subject: string;
  readonly timerAt: Instant;
}

/** Which sagas a list shows, and where a page of it begins. */
export interface SagaQuery {
  readonly status?: SagaStatus;
  readonly name?: string;
  readonly subject?: string;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1 to 100; default 20. */
  readonly limit?: number;
}

/** One page of a list of sagas, newest first. */
export interface SagaPage {
  readonly sagas: readonly StoredSaga[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** How long a timer that cannot be fired is put off: `min(maxMs, baseMs · 2^failures)`, with failures counted from 0. */
export const TIMER_RETRY = { baseMs: 5_000, maxMs: 300_000 } as const;

/** Sagas of a page. */
export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;
