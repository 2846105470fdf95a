/** How often, and how soon, something that died is started again. */
export interface RestartPolicy {
  /** Pause before the first restart, in ms; doubles with each death within the window. */
  readonly baseMs: number;
  /** The longest pause, in ms. */
  readonly capMs: number;
  /** After so many deaths within `windowMs` it stays down: it will not get better by itself. */
  readonly deaths: number;
  readonly windowMs: number;
}

export const RESTART: RestartPolicy = { baseMs: 500, capMs: 10_000, deaths: 6, windowMs: 120_000 };

/** Counts the deaths of one process. */
export class RestartBudget {
  private recent: number[] = [];

  constructor(private readonly policy: RestartPolicy) {}

  /** Notes a death. @returns the pause before the next start, in ms, or undefined when it has died too often. */
  died(now: number): number | undefined {
    this.recent = [...this.recent.filter((at) => now - at < this.policy.windowMs), now];
    if (this.recent.length >= this.policy.deaths) return undefined;
    return Math.min(this.policy.capMs, this.policy.baseMs * 2 ** (this.recent.length - 1));
  }
}
