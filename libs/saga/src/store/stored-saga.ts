import type { Instant, OperationRecord, OperatorAction, SagaInstance, SagaStatus } from '../decide/instance.js';

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
  /** One, or several. */
  readonly subject?: string | readonly string[];
  /** Those that began at this moment or later. */
  readonly startedFrom?: Instant;
  /** Those that began before this moment. */
  readonly startedBefore?: Instant;
  /**
   * Those that nothing but an operator moves: STUCK ones, and those that have not ended and whose definition is none of these,
   * `name@version` each.
   */
  readonly waitingAmong?: readonly string[];
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

/** What an operator did to a saga, of the list of all that operators did. */
export interface StoredOperation extends Omit<OperationRecord, 'key'> {
  readonly id: string;
  readonly sagaId: string;
  readonly subject: string;
}

/** Which operations a list shows, newest first, and where a page of it begins. */
export interface OperationQuery {
  readonly by?: string;
  readonly action?: OperatorAction;
  readonly subject?: string;
  /** The last one of the page before. */
  readonly after?: Pick<StoredOperation, 'at' | 'id'>;
  /** 1 to 100; default 20. */
  readonly limit?: number;
}

/** One page of what operators did, newest first. */
export interface OperationPage {
  readonly operations: readonly StoredOperation[];
  readonly isLast: boolean;
}

/** How long a timer that cannot be fired is put off: `min(maxMs, baseMs · 2^failures)`, with failures counted from 0. */
export const TIMER_RETRY = { baseMs: 5_000, maxMs: 300_000 } as const;

/** Sagas of a page. */
export const PAGE_DEFAULT = 20;
export const PAGE_MAX = 100;
