import { backoffMs, type BackoffPolicy } from '@backstep/resilience';
import { BACKOFF } from './settings.js';

/**
 * Pauses consumption while something that recovers by itself (the database) is away. After a capped exponential backoff with
 * full jitter the same messages are delivered again: the work itself is the probe. Heartbeats go on meanwhile.
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

  /** @returns for how many ms consumption is paused; undefined when it is paused already, by a batch that was in flight beside this one */
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
