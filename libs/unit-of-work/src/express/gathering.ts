/** Share of its time for which the event loop is busy, above which waves wait for company. */
const BUSY_ABOVE = 0.5;
/** How long a wave waits at most, milliseconds. */
const GATHER_MS = 4;
/** How often the event loop is looked at, milliseconds. */
const LOOK_EVERY_MS = 100;

/** The clocks of a process. */
export interface LoopClock {
  /** Milliseconds of a clock that does not go back. */
  now(): number;
  /** For how many of them the event loop was busy. */
  busyMs(): number;
  /** Calls `act` in so many milliseconds. */
  after(ms: number, act: () => void): void;
}

const OF_NODE: LoopClock = {
  now: () => performance.now(),
  busyMs: () => performance.eventLoopUtilization().active,
  after: (ms, act) => void setTimeout(act, ms),
};

/**
 * Lets waves of all lanes of a reader begin together while the process is busy, so that they share a commit. A lane hands messages over one by one, so under
 * load a batch would have few. Kafka's batches need none of this: a batch has what one fetch brought.
 */
export class Gathering {
  private waiting = new Set<() => void>();
  private isBusy = false;
  private lookedAt: number;
  private wasBusyMs: number;

  constructor(private readonly clock: LoopClock = OF_NODE) {
    this.lookedAt = clock.now();
    this.wasBusyMs = clock.busyMs();
  }

  /** Calls `begin`: at once; or, while the process is busy, with others, in at most {@link GATHER_MS}. A function that waits already is called once. */
  join(begin: () => void): void {
    if (this.waiting.size === 0) {
      this.look();
      if (!this.isBusy) return begin();
      this.clock.after(GATHER_MS, () => this.beginAll());
    }
    this.waiting.add(begin);
  }

  private beginAll(): void {
    const all = this.waiting;
    this.waiting = new Set();
    for (const begin of all) begin();
  }

  private look(): void {
    const now = this.clock.now();
    const passedMs = now - this.lookedAt;
    if (passedMs < LOOK_EVERY_MS) return;
    const busyMs = this.clock.busyMs();
    this.isBusy = busyMs - this.wasBusyMs > passedMs * BUSY_ABOVE;
    this.lookedAt = now;
    this.wasBusyMs = busyMs;
  }
}
