import { backoffMs, type BackoffPolicy } from '@backstep/resilience';
import { BACKOFF } from './settings.js';

/**
 * Stops consumption while something that heals by itself (the database) is away. The probe is the work itself: after a
 * capped exponential backoff with full jitter the same messages are delivered again. Heartbeats go on meanwhile.
 */
export class FaultPause {
  private attempt = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly consumption: { pause(): void; resume(): void },
    private readonly backoff: BackoffPolicy = BACKOFF,
  ) {}

  get active(): boolean {
    return this.timer !== undefined;
  }

  /** Pauses; tells for how many ms. Faults of batches that were in flight beside the first one count as the same. */
  trip(): number | undefined {
    if (this.active) return undefined;
    const pauseMs = backoffMs(this.backoff, this.attempt++);
    this.consumption.pause();
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.consumption.resume();
    }, pauseMs);
    return pauseMs;
  }

  /** The work succeeded: the next fault starts with a short pause again. */
  succeeded(): void {
    if (!this.active) this.attempt = 0;
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
