import type { Delivered, Parking } from '@backstep/inbox';
import type { TakenBy, WriteOutcome } from './contention/report.js';

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
  /** These were not handled: the inbox had them, or an earlier record of the same batch was the same message. */
  duplicates?(dropped: readonly Delivered[]): void;
  conflict?(cause: Error): void;
  /** So many messages and requests wait for rows that somebody else holds for longer than `lock_timeout`. */
  blocked?(works: number): void;
  /** What became of an attempt to write rows of an entity (its class's name), and how they were taken. */
  attempted?(attempt: { readonly entity: string; readonly strategy: TakenBy; readonly outcome: WriteOutcome }): void;
  /** Rows of an entity are committed: after so many attempts, so long after the first of them began. */
  wrote?(write: {
    readonly entity: string;
    readonly strategy: TakenBy;
    readonly attempts: number;
    readonly durationMs: number;
  }): void;
  /** So long it took to read rows of this entity with locks. */
  lockWait?(entity: string, ms: number): void;
  /** A key of this entity is locked as it is read from now on, or no longer. */
  switched?(entity: string, to: TakenBy): void;
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
