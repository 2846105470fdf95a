import { readFileSync } from 'node:fs';

/** Share of its time for which a thread wants a core, above which it is busy. */
const BUSY_ABOVE = 0.5;
/** The same where it waits for cores longer than it has them: then it is the machine that is busy. */
const IN_THE_WAY_ABOVE = 0.1;
/** How often the clocks are looked at, at most: milliseconds. */
const LOOK_EVERY_MS = 100;
/** Linux: nanoseconds for which this thread ran, and for which it was ready to run and waited for a core. */
const SCHEDULED = '/proc/thread-self/schedstat';

/** Where a {@link ThreadLoad} looks. */
export interface ThreadClock {
  /** Milliseconds of a clock that does not go back. */
  now(): number;
  /** For how many of them the thread has run, and waited for a core. */
  scheduled(): Scheduled;
}

/** What a thread had of the cores since its start. */
export interface Scheduled {
  readonly ranMs: number;
  /** Ready to run, while others had the cores. */
  readonly waitedMs: number;
}

/**
 * Whether this thread, or its machine, has little time to spare: then work that is done together is worth waiting for. The event loop's own figure knows
 * half of it. A loop that waits for a core counts as idle, so where many processes share few cores none of them looks busy.
 */
export class ThreadLoad {
  private share = 0;
  /** It waits for cores longer than it has them. */
  private isHeldUp = false;
  private lookedAt: number;
  private before: Scheduled;

  /** @param clock default: of the thread that asks */
  constructor(private readonly clock: ThreadClock = OF_THIS_THREAD) {
    this.lookedAt = clock.now();
    this.before = clock.scheduled();
  }

  /** In the time since it was asked last, or, where that was a moment ago, in the time before. */
  get isBusy(): boolean {
    return this.isBusyFor(BUSY_ABOVE);
  }

  /** Busy as above, where the thread counts as busy only beyond this share of its time. */
  isBusyFor(share: number): boolean {
    this.look();
    return this.share > (this.isHeldUp ? IN_THE_WAY_ABOVE : share);
  }

  private look(): void {
    const now = this.clock.now();
    const passedMs = now - this.lookedAt;
    if (passedMs < LOOK_EVERY_MS) return;
    const all = this.clock.scheduled();
    const ranMs = all.ranMs - this.before.ranMs;
    const waitedMs = all.waitedMs - this.before.waitedMs;
    this.share = (ranMs + waitedMs) / passedMs;
    this.isHeldUp = waitedMs > ranMs;
    this.lookedAt = now;
    this.before = all;
  }
}

/** Reads no disk. Where the system does not say how threads are scheduled (Linux does), the event loop's figure is all there is. */
const OF_THIS_THREAD: ThreadClock = {
  now: () => performance.now(),
  scheduled: saysHowScheduled() ? scheduled : () => ({ ranMs: performance.eventLoopUtilization().active, waitedMs: 0 }),
};

/** Of the thread that asks: one for all who gather in it, so that the scheduler is asked once. */
export const THIS_THREAD = new ThreadLoad();

function saysHowScheduled(): boolean {
  try {
    return scheduled().ranMs > 0;
  } catch {
    return false;
  }
}

function scheduled(): Scheduled {
  const [ranNs, waitedNs] = readFileSync(SCHEDULED, 'latin1').split(' ');
  return { ranMs: Number(ranNs) / 1e6, waitedMs: Number(waitedNs) / 1e6 };
}
