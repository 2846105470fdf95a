import { VersionConflictError, type Json, type VersionedStore } from './versioned-store.js';

/** The row of a lock. A type, not an interface: only a type is known to be JSON. */
export type LeaseRow = {
  /** null: nobody holds it. */
  readonly holder: string | null;
  /** Of the take. It rises from holder to holder. */
  readonly epoch: number;
  readonly leaseMs: number;
};

/** A lock of a name, for as long as its lease is renewed. */
export interface HeldLease {
  readonly name: string;
  readonly holder: string;
  /** The fence: greater than that of every earlier holder. Hand it to {@link putFenced}. */
  readonly epoch: number;
  readonly leaseMs: number;
  readonly version: number;
}

/** That a lease was held, and since when this observer knows it in this version. */
export interface SeenLease {
  readonly version: number;
  /** On the observer's own monotonic clock, ms. */
  readonly sinceMs: number;
}

/** Who wants a lock. */
export interface Wanted {
  readonly holder: string;
  /** For how long a holder that does not renew is left alone. */
  readonly leaseMs: number;
}

/**
 * Takes a lock that is free, or whose holder has not renewed it for its lease. That is observed, not read from a clock of others: who wants
 * it hands back `seen`, and the lease begins when this observer first saw this version. Clocks need not agree; a first look never takes.
 *
 * The lease keeps workers apart for the sake of economy: a holder that was paused longer than its lease still believes that it holds. What
 * keeps its writes out is the epoch, in {@link putFenced}.
 */
export async function takeLease(
  store: VersionedStore<LeaseRow>,
  name: string,
  { holder, leaseMs }: Wanted,
  seen?: SeenLease,
  now: () => number = () => performance.now(),
): Promise<{ readonly held: HeldLease } | { readonly held: undefined; readonly seen: SeenLease | undefined }> {
  const beforeMs = now();
  const row = await store.get(name);
  if (row !== undefined && row.value.holder !== null) {
    // The later of two times begins the lease, the earlier ends it: a slow read makes it longer, never shorter.
    if (seen?.version !== row.version) return { held: undefined, seen: { version: row.version, sinceMs: now() } };
    if (beforeMs - seen.sinceMs < row.value.leaseMs) return { held: undefined, seen };
  }
  const epoch = (row?.value.epoch ?? 0) + 1;
  try {
    const version = await store.put(name, { holder, epoch, leaseMs }, row?.version);
    return { held: { name, holder, epoch, leaseMs, version } };
  } catch (error) {
    if (!(error instanceof VersionConflictError)) throw error;
    return { held: undefined, seen: undefined };
  }
}

/** Begins the lease again. @throws VersionConflictError when somebody else has taken it */
export async function renewLease(store: VersionedStore<LeaseRow>, held: HeldLease): Promise<HeldLease> {
  const { name, holder, epoch, leaseMs } = held;
  return { ...held, version: await store.put(name, { holder, epoch, leaseMs }, held.version) };
}

/** Only the holder's own: of a lock that somebody else has taken, nothing is released. @throws VersionConflictError then */
export async function releaseLease(store: VersionedStore<LeaseRow>, held: HeldLease): Promise<void> {
  const { name, epoch, leaseMs } = held;
  await store.put(name, { holder: null, epoch, leaseMs }, held.version);
}

/** A later holder has written the row. The writer's lease is over, whatever its clock says. */
export class FencedError extends Error {
  override readonly name = 'FencedError';
  constructor(
    readonly key: string,
    readonly epoch: number,
    readonly fence: number,
  ) {
    super(`${key}: epoch ${epoch} comes after epoch ${fence} has written`);
  }
}

/** A row that remembers the epoch of its last writer. */
export type Fenced = { readonly fence: number } & { readonly [name: string]: Json };

/**
 * Writes a row as the holder of a lock. The epoch is compared with what was read, and the version of what was read by the write itself: a
 * later holder's write in between is a conflict.
 * @throws FencedError, VersionConflictError
 */
export async function putFenced<V extends Fenced>(
  store: VersionedStore<V>,
  key: string,
  { epoch }: HeldLease,
  decide: (value: V | undefined) => Omit<V, 'fence'>,
): Promise<number> {
  const row = await store.get(key);
  const fence = row?.value.fence ?? 0;
  if (fence > epoch) throw new FencedError(key, epoch, fence);
  return store.put(key, { ...decide(row?.value), fence: epoch } as unknown as V, row?.version);
}
