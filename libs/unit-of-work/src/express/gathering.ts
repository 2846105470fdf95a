import { THIS_THREAD, ThreadLoad, type ThreadClock } from '@backstep/resilience';

/** How long a wave waits at most, milliseconds. */
const GATHER_MS = 12;

/** The clocks of a process. */
export interface LoopClock extends ThreadClock {
  /** Calls `act` in so many milliseconds. */
  after(ms: number, act: () => void): void;
}

/**
 * Lets waves of all lanes of a reader begin together while the process or its machine is busy, so that they share a commit. A lane hands messages over one
 * by one, so under load a batch would have few. What Kafka brings is gathered by waiting between fetches.
 */
export class Gathering {
  private waiting = new Set<() => void>();
  private readonly load: ThreadLoad;
  private readonly after: LoopClock['after'];

  /** @param clock default: those of this process */
  constructor(clock?: LoopClock) {
    this.load = clock ? new ThreadLoad(clock) : THIS_THREAD;
    this.after = clock ? (ms, act) => clock.after(ms, act) : (ms, act) => void setTimeout(act, ms);
  }

  /** Calls `begin`: at once; or, while the process is busy, with others, in at most {@link GATHER_MS}. A function that waits already is called once. */
  join(begin: () => void): void {
    if (this.waiting.size === 0) {
      if (!this.load.isBusy) return begin();
      this.after(GATHER_MS, () => this.beginAll());
    }
    this.waiting.add(begin);
  }

  private beginAll(): void {
    const all = this.waiting;
    this.waiting = new Set();
    for (const begin of all) begin();
  }
}
