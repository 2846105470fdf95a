import { backoffMs, type BackoffPolicy } from '@backstep/resilience';
import type { Chosen, Held } from './choose.js';

/** How long it is known how often an entry has failed that never came again, milliseconds: another instance has settled it. */
const FORGET_MS = 60_000;

interface HeldEntry {
  readonly rows: readonly string[];
  /** Milliseconds of this process's clock; infinite: it is under way. */
  readonly until: number;
  readonly failures: number;
}

/** The entries of a lane that are under way here, and those that rest because they could not be applied. */
export class HeldEntries {
  private readonly entries = new Map<string, HeldEntry>();

  constructor(private readonly backoff: BackoffPolicy) {}

  get size(): number {
    return this.entries.size;
  }

  begin({ key, rows }: Chosen): void {
    this.entries.set(key, { rows, until: Infinity, failures: this.entries.get(key)?.failures ?? 0 });
  }

  /** It is settled, or waits for another, which is held. */
  end(key: string): void {
    this.entries.delete(key);
  }

  /** It could not be applied, and is tried again later: each time later. */
  rest(key: string, now: number): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    const { rows, failures } = entry;
    this.entries.set(key, { rows, until: now + backoffMs(this.backoff, failures), failures: failures + 1 });
  }

  /** What is held now. Forgets what has rested long ago. */
  at(now: number): Held {
    const keys = new Set<string>();
    const rows = new Set<string>();
    for (const [key, entry] of this.entries) {
      if (entry.until + FORGET_MS < now) this.entries.delete(key);
      if (entry.until <= now) continue;
      keys.add(key);
      for (const row of entry.rows) rows.add(row);
    }
    return { has: (key) => keys.has(key), rows };
  }
}
