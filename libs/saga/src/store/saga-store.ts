import type { Instant, SagaInstance, SagaStatus } from '../decide/instance.js';

/** An instance as it is stored. The version is the row's: 1 when inserted, one more with every update. */
export interface StoredSaga {
  readonly instance: SagaInstance;
  readonly version: number;
}

/** A saga whose alarm rings: see `wakeFor`. */
export interface DueSaga {
  readonly sagaId: string;
  readonly wakeAt: Instant;
}

export interface SagaQuery {
  readonly status?: SagaStatus;
  readonly name?: string;
  readonly subject?: string;
  /** `next` of the page before. */
  readonly cursor?: string;
  /** 1 to {@link PAGE_MAX}; default {@link PAGE_DEFAULT}. */
  readonly limit?: number;
}

export interface SagaPage {
  readonly sagas: readonly StoredSaga[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** How long a timer that cannot be fired is put off: `min(maxMs, baseMs · 2^failures)`, failures counted from 0. */
export const TIMER_RETRY = { baseMs: 5_000, maxMs: 300_000 } as const;

export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;

/**
 * Where instances live. Several processes may use one store: a write says which version it was decided from, and of two
 * that were decided from the same one, one is refused. An instance's alarm is written with it (see `wakeFor`).
 * Every implementation passes `testing/saga-store.contract.ts`.
 */
export interface SagaStore {
  load(id: string): Promise<StoredSaga | undefined>;
  /**
   * @returns the version, 1
   * @throws OptimisticLockError when the saga exists (expected version 0)
   * @throws UnsoundSagaError
   */
  insert(instance: SagaInstance): Promise<number>;
  /**
   * @returns the new version, `expectedVersion + 1`
   * @throws OptimisticLockError with both versions when another write came first; nothing is written
   * @throws UnsoundSagaError
   */
  update(instance: SagaInstance, expectedVersion: number): Promise<number>;
  /**
   * Sagas of which a timer is due at `now`, and some whose alarm rings early, the longest overdue first, at most `limit`. They stay
   * until a write sets their alarm anew.
   */
  dueSagas(now: Instant, limit: number): Promise<readonly DueSaga[]>;
  /**
   * Puts off sagas whose timer could not be fired, each time twice as long (see {@link TIMER_RETRY}), so that those behind them are
   * reached. One whose alarm was set anew meanwhile is left alone. What its timer is due at, and so its meaning, stays.
   */
  defer(sagas: readonly DueSaga[], now: Instant): Promise<void>;
  /**
   * Newest first. Pages are cut by key, not by offset: what is added or changes status meanwhile shifts nothing.
   * @throws InvalidCursorError
   * @throws RangeError for a limit out of bounds
   */
  list(query: SagaQuery): Promise<SagaPage>;
}
