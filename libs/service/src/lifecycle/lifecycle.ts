import { setMaxListeners } from 'node:events';
import type { HealthRegistry } from '../health/health-registry.js';

/** Begins the end of a process, and announces it. */
export class Lifecycle {
  private readonly drain = new AbortController();
  private stop: ((reason: string, exitCode: number) => void) | undefined;

  constructor(private readonly health: HealthRegistry) {
    // No warning at many listeners: every long answer adds one, and their number is bounded where they begin.
    setMaxListeners(0, this.drain.signal);
  }

  /** Aborted when draining begins. Streams of events and other endless answers then end, and loops take no new work. */
  get draining(): AbortSignal {
    return this.drain.signal;
  }

  /**
   * Ends the process because it can no longer do its work, for example because its consumer died. It is not ready at once, is drained as on
   * SIGTERM, and exits with code 1, so that a supervisor restarts it.
   */
  fail(reason: string): void {
    this.begin(reason, 1);
  }

  /** @internal Sets what the process does when the end begins. */
  onStop(stop: (reason: string, exitCode: number) => void): void {
    this.stop = stop;
  }

  /** @internal Begins the end, once. */
  begin(reason: string, exitCode: number): void {
    this.health.notReady(reason);
    if (this.drain.signal.aborted) return;
    this.drain.abort(new Error(reason));
    this.stop?.(reason, exitCode);
  }
}
