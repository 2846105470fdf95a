import type { StatementPart } from '@backstep/concurrency';
import { FenceError } from './errors.js';
import type { Lease } from './lease.js';
import { fencePart } from './parts.js';

/** What a held lock needs of the locks that it comes from. */
export interface Holding {
  /** @returns the names that are still held */
  extend(leases: readonly Lease[], leaseMs: number): Promise<readonly string[]>;
  release(leases: readonly Lease[]): Promise<void>;
}

/** Locks of names, all of which are held: until they are released, or their lease runs out. */
export class Held {
  /** Sorted by name. */
  readonly leases: readonly Lease[];
  /**
   * Aborts when the lease runs out or is lost, with a FenceError, or when the caller of `with` aborts, with its reason. What goes on after
   * that writes nothing under {@link fence}.
   */
  readonly signal: AbortSignal;
  private readonly lost = new AbortController();
  private timer: NodeJS.Timeout | undefined;

  /** @param since when the statement was sent that took them, by the monotonic clock: the database's lease ends no earlier */
  constructor(
    leases: readonly Lease[],
    private readonly leaseMs: number,
    since: number,
    private readonly holding: Holding,
    signal?: AbortSignal,
  ) {
    this.leases = [...leases].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.signal = signal ? AbortSignal.any([this.lost.signal, signal]) : this.lost.signal;
    this.expireAt(since + leaseMs);
  }

  get names(): readonly string[] {
    return this.leases.map(({ name }) => name);
  }

  /**
   * For the write that is made under the locks: a part that fails with RowsMismatchError unless all of them are still held. In handlers of the unit
   * of work: `fencedBy(held)`.
   */
  get fence(): StatementPart {
    return fencePart(this.leases);
  }

  /** The fencing token of a name, for a store outside of this database. @throws RangeError when it is not one of {@link names} */
  epochOf(name: string): number {
    const epoch = this.leases.find((lease) => lease.name === name)?.epoch;
    if (epoch === undefined) throw new RangeError(`${name} is not among the locks held: ${this.names.join(', ')}`);
    return epoch;
  }

  /**
   * The lease ends so many milliseconds from now. A lease that has run out and that nobody has taken is held again.
   * @throws FenceError when one of the locks is lost; DatabaseUnavailableError
   */
  async extend(leaseMs = this.leaseMs): Promise<void> {
    const since = performance.now();
    const kept = new Set(await this.holding.extend(this.leases, leaseMs));
    const gone = this.names.filter((name) => !kept.has(name));
    if (gone.length > 0) {
      const error = new FenceError(gone);
      this.lost.abort(error);
      throw error;
    }
    this.expireAt(since + leaseMs);
  }

  /** Gives the locks back, whoever has aborted what. Does not reject: what cannot be released runs out. */
  async release(): Promise<void> {
    clearTimeout(this.timer);
    this.lost.abort(new FenceError(this.names));
    await this.holding.release(this.leases);
  }

  private expireAt(at: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.lost.abort(new FenceError(this.names)), Math.max(0, at - performance.now()));
    this.timer.unref();
  }
}
