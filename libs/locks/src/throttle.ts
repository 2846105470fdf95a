import type { Lease } from './lease.js';

/** `free`: the names were marked as taken by this holder. Otherwise others have them for `busyMs` more, as far as the throttle knows. */
export type ThrottleAnswer = { readonly free: true } | { readonly free: false; readonly busyMs: number };

/**
 * Stands in front of the database and keeps the many who wait for one name from asking it. Nothing that must be right rests on it: the lock and
 * its fence are in the row. Where it is away, or knows something else than the database, the database decides.
 */
export interface Throttle {
  /** Marks all names, or none. May reject: then the database is asked. */
  enter(names: readonly string[], holder: string, leaseMs: number): Promise<ThrottleAnswer>;
  /** The holder has the names for `leaseMs` from now. */
  extend(leases: readonly Lease[], leaseMs: number): Promise<void>;
  /** Takes the marks of these holders away, and no others. */
  leave(leases: readonly Lease[]): Promise<void>;
}
