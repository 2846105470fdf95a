import { setMaxListeners } from 'node:events';
import type { HealthRegistry } from '../health/health-registry.js';

/** The end of a process, for those who must know of it. */
export class Lifecycle {
  private readonly drain = new AbortController();
  private stop: ((exitCode: number) => void) | undefined;

  constructor(private readonly health: HealthRegistry) {
    // Every answer that may wait listens; how many there are is bounded where they begin.
    setMaxListeners(0, this.drain.signal);
  }

  /** Aborted when draining begins. Streams of events and other endless answers end on it; loops take no new work. */
  get draining(): AbortSignal {
    return this.drain.signal;
  }

  /**
   * Ends the process because it can no longer do its work, such as after its consumer died: not ready at once,
   * then drained like on SIGTERM, with exit code 1. A supervisor starts it again.
   */
  fail(reason: string): void {
    this.begin(reason, 1);
  }

  /** @internal What `runService` does when the end begins. */
  onStop(stop: (exitCode: number) => void): void {
    this.stop = stop;
  }

  /** @internal Begins the end, once. */
  begin(reason: string, exitCode: number): void {
    this.health.notReady(reason);
    if (this.drain.signal.aborted) return;
    this.drain.abort(new Error(reason));
    this.stop?.(exitCode);
  }
}
