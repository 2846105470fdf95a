import { THIS_THREAD, ThreadLoad, type ThreadClock } from '@backstep/resilience';

/** How long a wave waits at most, milliseconds, however long the one before took. */
const GATHER_MAX_MS = 12;

/** Share of its time that the thread wants a core, above which waves gather: with a third of the machine idle it was 0.6. */
const GATHER_ABOVE = 0.8;

/** The clocks of a process. */
export interface LoopClock extends ThreadClock {
  /** Calls `act` in so many milliseconds. */
  after(ms: number, act: () => void): void;
}

/**
 * Lets waves of all lanes of a reader begin together while the process or its machine is busy, so that they share a commit. A lane hands messages over one
 * by one, so under load a batch would have few. What Kafka brings is gathered by waiting between fetches.
 *
 * A wave waits as long as the last one took: where little is under way a commit takes 2 ms, and a saga waits for ten waves one after another.
 */
export class Gathering {
  private waiting = new Set<() => void>();
  private readonly load: ThreadLoad;
  private readonly after: LoopClock['after'];
  private readonly now: () => number;
  private lastTookMs = 0;

  /** @param clock default: those of this process */
  constructor(clock?: LoopClock) {
    this.load = clock ? new ThreadLoad(clock) : THIS_THREAD;
    this.after = clock ? (ms, act) => clock.after(ms, act) : (ms, act) => void setTimeout(act, ms);
    this.now = clock ? () => clock.now() : () => performance.now();
  }

  /** Calls `begin`: at once; or, while the process is busy, with others a little later. A function that waits already is called once. */
  join(begin: () => void): void {
    if (this.waiting.size === 0) {
      if (!this.load.isBusyFor(GATHER_ABOVE)) return begin();
      this.after(Math.min(GATHER_MAX_MS, this.lastTookMs), () => this.beginAll());
    }
    this.waiting.add(begin);
  }

  /** A wave has begun. @returns what to call when all of it has ended */
  began(): () => void {
    const at = this.now();
    return () => (this.lastTookMs = this.now() - at);
  }

  private beginAll(): void {
    const all = this.waiting;
    this.waiting = new Set();
    for (const begin of all) begin();
  }
}
