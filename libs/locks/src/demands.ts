import { LockedError, translate, type Executor } from '@backstep/concurrency';
import { demand, type PartChange, type PartValues, type SharedPart } from '@backstep/unit-of-work';
import { FenceError } from './errors.js';
import type { Lease } from './lease.js';
import { DEFAULT_LOCK_LIMITS } from './limits.js';
import { checkedMs, checkedName } from './names.js';
import { lockParts, type ChangedLease, type TakenName } from './parts.js';

/** What a decision demands of named locks. */
export type LockDemand =
  | { readonly kind: 'fence'; readonly leases: readonly Lease[]; readonly then: 'keep' | 'release' | number }
  | { readonly kind: 'take'; readonly lease: Lease; readonly leaseMs: number };

/** What becomes of the locks of a fenced decision. */
export interface FenceOptions {
  /** `release`: the commit gives the locks back. A number: it holds them for so many milliseconds more. Default: they are left as they are. */
  readonly then?: 'release' | number;
}

/** How a decision takes a lock. */
export interface TakeOptions {
  /** How long the lock is held unless it is released or extended, milliseconds, from the commit's statement on. */
  readonly leaseMs: number;
}

/**
 * The decision is committed only while these locks are held; the write statement itself looks. Otherwise nothing of it is written, and its request
 * is rejected with FenceError (its message parked as `fenced`), while the others of its batch go on.
 */
export const fencedBy = (
  held: { readonly leases: readonly Lease[] } | Lease,
  { then }: FenceOptions = {},
): PartChange => {
  if (typeof then === 'number') checkedMs('then', then, 1, DEFAULT_LOCK_LIMITS.leaseMaxMs);
  return demand(LOCKS, { kind: 'fence', leases: 'leases' in held ? held.leases : [held], then: then ?? 'keep' });
};

/**
 * The commit takes the lock, or is not made: then its request is rejected with LockedError, and its message comes again. For a decision whose commit
 * hands something to its own process, which then holds the lock without a statement of its own.
 * @param lease with a holder of its own, such as `context.newId()`, and no epoch
 */
export const takes = (lease: Lease, { leaseMs }: TakeOptions): PartChange => {
  checkedName(lease.name);
  return demand(LOCKS, {
    kind: 'take',
    lease,
    leaseMs: checkedMs('leaseMs', leaseMs, 1, DEFAULT_LOCK_LIMITS.leaseMaxMs),
  });
};

/** What the decisions of a batch so far make of one name. */
interface NameState {
  /** The lease that the write must find; undefined: it must find the name free. */
  readonly expected: Lease | undefined;
  /** Who holds the name afterwards; undefined: nobody. */
  holder: string | undefined;
  /** undefined: as long as it does anyway. */
  leaseMs: number | undefined;
}

class DemandedLocks implements PartValues<LockDemand> {
  private readonly names = new Map<string, NameState>();

  add(value: LockDemand): void {
    if (value.kind === 'take') this.take(value.lease, value.leaseMs);
    else for (const lease of value.leases) this.fence(lease, value.then);
  }

  parts() {
    const fenced: Lease[] = [];
    const changed: ChangedLease[] = [];
    const taken: TakenName[] = [];
    for (const name of [...this.names.keys()].sort()) {
      const { expected, holder, leaseMs } = this.names.get(name) as NameState;
      if (expected === undefined) {
        if (holder !== undefined && leaseMs !== undefined) taken.push({ name, holder, leaseMs });
      } else if (holder === expected.holder && leaseMs === undefined) fenced.push(expected);
      else changed.push({ ...expected, next: holder ?? expected.holder, leaseMs });
    }
    return lockParts(fenced, changed, taken);
  }

  private fence(lease: Lease, then: 'keep' | 'release' | number): void {
    const { name, holder } = lease;
    let state = this.names.get(name);
    if (state === undefined) this.names.set(name, (state = { expected: lease, holder, leaseMs: undefined }));
    else if (state.holder !== holder) throw new FenceError([name]);
    if (then === 'release') [state.holder, state.leaseMs] = [undefined, undefined];
    else if (then !== 'keep') state.leaseMs = then;
  }

  private take({ name, holder }: Lease, leaseMs: number): void {
    const state = this.names.get(name);
    if (state === undefined) this.names.set(name, { expected: undefined, holder, leaseMs });
    else if (state.holder !== undefined) throw new LockedError([name], { retryAfterMs: state.leaseMs ?? 0 });
    else [state.holder, state.leaseMs] = [holder, leaseMs];
  }
}

/** Named locks as a part of a batch's write. Locks of one name that several decisions of a batch demand are netted. */
export const LOCKS: SharedPart<LockDemand> = {
  name: 'locks',
  collect: () => new DemandedLocks(),
  refusals: async (executor, values) => {
    const firsts = firstOfEachName(values);
    const refused = new Map((await look(executor, firsts)).map(({ name, busyMs }) => [name, busyMs]));
    const errors = values.map((): Error | undefined => undefined);
    for (const { at, name, taken } of firsts) {
      const busyMs = refused.get(name);
      if (busyMs === undefined) continue;
      errors[at] ??= taken
        ? new LockedError([name], { retryAfterMs: Math.max(0, busyMs ?? 0) })
        : new FenceError([name]);
    }
    return errors;
  },
};

interface First {
  readonly at: number;
  readonly name: string;
  readonly holder: string;
  readonly epoch: number | undefined;
  readonly taken: boolean;
}

/** What later decisions of the batch demand of a name follows from what the earlier ones do. */
function firstOfEachName(values: readonly LockDemand[]): First[] {
  const firsts = new Map<string, First>();
  values.forEach((value, at) => {
    const taken = value.kind === 'take';
    for (const { name, holder, epoch } of taken ? [value.lease] : value.leases) {
      if (!firsts.has(name)) firsts.set(name, { at, name, holder, epoch, taken });
    }
  });
  return [...firsts.values()];
}

/** Which of these names are not as they must be: held by others that are to be taken, or not held by whom they are to be. */
const LOOK = `/* locks.look */ SELECT x.name, (extract(epoch FROM t.until - statement_timestamp()) * 1000)::float8 AS "busyMs"
FROM unnest($1::text[], $2::uuid[], $3::bigint[], $4::boolean[]) AS x(name, holder, epoch, taken) LEFT JOIN named_lock AS t ON t.name = x.name
WHERE CASE WHEN x.taken THEN t.until > statement_timestamp()
  ELSE t.name IS NULL OR t.holder <> x.holder OR t.epoch <> coalesce(x.epoch, t.epoch) OR t.until = '-infinity' END`;

async function look(executor: Executor, firsts: readonly First[]): Promise<{ name: string; busyMs: number | null }[]> {
  try {
    const { rows } = await executor.query(LOOK, [
      firsts.map(({ name }) => name),
      firsts.map(({ holder }) => holder),
      firsts.map(({ epoch }) => epoch ?? null),
      firsts.map(({ taken }) => taken),
    ]);
    return rows as { name: string; busyMs: number | null }[];
  } catch (error) {
    throw translate(error);
  }
}
