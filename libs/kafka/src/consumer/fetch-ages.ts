import { FETCH_STALLED_MS } from './settings.js';

interface Fetches {
  startedAt: number;
  answeredAt: number;
}

/** When each broker has last answered a fetch, by a clock that goes on while the process is frozen. Milliseconds. */
export class FetchAges {
  private readonly brokers = new Map<number, Fetches>();

  started(broker: number, now = performance.now()): void {
    const known = this.brokers.get(broker);
    if (known) known.startedAt = now;
    else this.brokers.set(broker, { startedAt: now, answeredAt: -Infinity });
  }

  answered(broker: number, now = performance.now()): void {
    const known = this.brokers.get(broker);
    if (known) known.answeredAt = now;
  }

  /** Whether each broker has answered within `ageMs`. Not those that nothing is fetched from any more. */
  areWithin(ageMs: number, now = performance.now()): boolean {
    if (this.brokers.size === 0) return false;
    for (const [broker, { startedAt, answeredAt }] of this.brokers) {
      if (now - answeredAt <= ageMs) continue;
      if (now - startedAt <= FETCH_STALLED_MS) return false;
      this.brokers.delete(broker);
    }
    return this.brokers.size > 0;
  }

  clear(): void {
    this.brokers.clear();
  }
}
