import type { MessagingLogger } from './host.js';

/** Runs periodic work until the process stops. */
export class PeriodicJobs {
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly logger: Pick<MessagingLogger, 'warn'>,
    private readonly draining: AbortSignal,
  ) {}

  /**
   * Runs `work` every `periodMs`, never twice at once. A failure is logged and the next turn tries again.
   * @param what the work, worded to follow "could not" in the log: `forget old keys`
   */
  every(periodMs: number, what: string, work: () => Promise<void>): void {
    let running = false;
    const turn = async (): Promise<void> => {
      if (running || this.draining.aborted) return;
      running = true;
      try {
        await work();
      } catch (error) {
        this.logger.warn(`could not ${what}`, { error });
      } finally {
        running = false;
      }
    };
    const timer = setInterval(() => void turn(), periodMs);
    timer.unref();
    this.timers.push(timer);
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}
