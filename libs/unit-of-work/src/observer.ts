import type { Delivered, Parking } from '@backstep/inbox';

export interface SkippedEvent {
  readonly topic: string;
  readonly type: string;
  /** undefined: its `ce_dataschema` is none of ours. */
  readonly version: number | undefined;
  /** unknown_version: another version of it is handled here, so this reader may be older than the writer. */
  readonly reason: 'unknown_type' | 'unknown_version' | 'wrong_topic';
}

/** Sees what the unit of work does; for metrics and logs. Must not throw. */
export interface UnitOfWorkObserver {
  committed?(batch: { readonly size: number; readonly durationMs: number; readonly locked: boolean }): void;
  duplicates?(count: number): void;
  conflict?(cause: Error): void;
  parked?(parking: Parking): void;
  /** An event that nobody here handles in this version was passed over. */
  skipped?(event: SkippedEvent): void;
  /** A message could not even be parked as a stub: it was passed over, and lies in Kafka where `delivered` says. */
  unparkable?(delivered: Delivered, failure: Error): void;
  /** A listener of this effect threw. The commit stands. */
  effectFailed?(effect: string, error: unknown): void;
}

export const SILENT: UnitOfWorkObserver = {};
