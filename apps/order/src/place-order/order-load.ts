const MS_PER_SECOND = 1_000;

export interface OrderLoadLimits {
  /** Orders that may be pending however slowly they end. */
  readonly pendingMax: number;
  /** How long an order may have to wait for those before it, at the rate at which they end. Whole seconds, in ms. */
  readonly waitMaxMs: number;
}

/**
 * How many orders are under way and how fast they end, so that what would wait too long is refused instead (Little's law: the wait is
 * what is pending, over what ends a second). Knows no database and no clock: `now` is milliseconds of one that is never set back.
 */
export class OrderLoad {
  private pending = 0;
  private sinceLook = 0;
  /** By the second in which they ended. */
  private readonly ends = new Map<number, number>();

  constructor(private readonly limits: OrderLoadLimits) {}

  /**
   * Where nothing ends at all, waiting is not due to how much there is: something is away. What is accepted then is done when it is
   * back, so it is accepted.
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

  /** Before the database is asked how many are pending: what is placed while it answers may or may not be among them. */
  look(): void {
    this.sinceLook = 0;
  }

  saw(pending: number): void {
    this.pending = pending + this.sinceLook;
  }

  /** In the last `waitMaxMs`, which is what would end in as much time to come. */
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
