import type { Delivered, Parking } from '@backstep/inbox';

/** An event that was passed over, and why. */
export interface SkippedEvent {
  readonly topic: string;
  readonly type: string;
  /** undefined: its `ce_dataschema` does not name a version. */
  readonly version: number | undefined;
  /** unknown_version: this process handles another version of the event, so it may be older than the writer. */
  readonly reason: 'unknown_type' | 'unknown_version' | 'wrong_topic';
}

/** Hears what the unit of work does, for metrics and logs. Must not throw. */
export interface UnitOfWorkObserver {
  /** `durationMs` and `locked` are of the last attempt. */
  committed?(batch: {
    readonly size: number;
    readonly durationMs: number;
    readonly locked: boolean;
    readonly attempts: number;
  }): void;
  duplicates?(count: number): void;
  conflict?(cause: Error): void;
  /** So many messages and requests wait for rows that somebody else holds for longer than `lock_timeout`. */
  blocked?(works: number): void;
  /** A key of this entity (its class's name) is locked as it is read from now on, or no longer. */
  switched?(entity: string, to: 'optimistic' | 'locked'): void;
  parked?(parking: Parking): void;
  /** An event was passed over that no handler takes in this version. */
  skipped?(event: SkippedEvent): void;
  /** A message was passed over that could not even be parked as a stub. `delivered` says where Kafka keeps it. */
  unparkable?(delivered: Delivered, failure: Error): void;
  /** A listener of this effect threw. The commit stands. */
  effectFailed?(effect: string, error: unknown): void;
}

/** Sees everything and does nothing. */
export const SILENT: UnitOfWorkObserver = {};
