import type { Parking } from '@backstep/inbox';

/** Sees what the unit of work does; for metrics and logs. Must not throw. */
export interface UnitOfWorkObserver {
  committed?(batch: { readonly size: number; readonly durationMs: number; readonly locked: boolean }): void;
  duplicates?(count: number): void;
  conflict?(cause: Error): void;
  parked?(parking: Parking): void;
  /** A listener of `onCommitted` threw. The commit stands. */
  listenerFailed?(error: unknown): void;
}

export const SILENT: UnitOfWorkObserver = {};
