const MS_PER_SECOND = 1_000;

export interface OrderLoadLimits {
  /** Pending orders up to this number are always accepted, however slowly they end. */
  readonly pendingMax: number;
  /** How long an order may have to wait for the pending ones, at the rate at which they end. Whole seconds, in ms. */
  readonly waitMaxMs: number;
}

/**
 * The number of pending orders and the rate at which they end, so that an order that would wait too long is refused (Little's law: the wait
 * is the number of pending orders divided by the number that ends a second). Uses no database and no clock: `now` is the milliseconds of a
 * monotonic clock.
 */
export class OrderLoad {
  private pending = 0;
  private sinceLook = 0;
  /** The numbers of ended orders, by second. */
  private readonly ends = new Map<number, number>();

  constructor(private readonly limits: OrderLoadLimits) {}

  /**
   * When no order ends at all, the load is not the reason: a dependency is away. Orders are accepted then, and end when the dependency is
   * back.
   */
  isTooMuch(now: number): boolean {
    const ended = this.endedRecently(now);
    return ended > 0 && this.pending >= Math.max(this.limits.pendingMax, ended);
  }

  placed(): void {
    this.pending++;
    this.sinceLook++;
  }

  ended(count: number, now: number): void {
    const second = Math.floor(now / MS_PER_SECOND);
    this.ends.set(second, (this.ends.get(second) ?? 0) + count);
    this.pending = Math.max(0, this.pending - count);
  }

  /** Call it before the database is asked for the number of pending orders: orders placed meanwhile may or may not be counted. */
  look(): void {
    this.sinceLook = 0;
  }

  saw(pending: number): void {
    this.pending = pending + this.sinceLook;
  }

  /** Orders that ended in the last `waitMaxMs`: the estimate of how many will end in the same time to come. */
  private endedRecently(now: number): number {
    const oldest = (now - this.limits.waitMaxMs) / MS_PER_SECOND;
    let ended = 0;
    for (const [second, count] of this.ends) {
      if (second < oldest) this.ends.delete(second);
      else ended += count;
    }
    return ended;
  }
}
