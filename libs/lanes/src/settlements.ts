import type { LaneStore } from './lane-store.js';

/** How often those who wait ask whether another instance has settled their entries, milliseconds: one statement for all of them. */
const ASK_EVERY_MS = 200;

/** Those who wait until an entry is settled. */
export class Settlements {
  private readonly waiting = new Map<string, Set<() => void>>();
  private asking: NodeJS.Timeout | undefined;

  constructor(private readonly store: Pick<LaneStore, 'settledAmong'>) {}

  /** Resolves when the entry is settled, or after `waitMs`. */
  wait(key: string, waitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        const others = this.waiting.get(key);
        others?.delete(done);
        if (others?.size === 0) this.waiting.delete(key);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      const others = this.waiting.get(key);
      if (others) others.add(done);
      else this.waiting.set(key, new Set([done]));
      this.ask();
    });
  }

  settled(key: string): void {
    for (const done of [...(this.waiting.get(key) ?? [])]) done();
  }

  /** While anybody waits. */
  private ask(): void {
    this.asking ??= setTimeout(() => {
      this.store
        .settledAmong([...this.waiting.keys()])
        .then((keys) => keys.forEach((key) => this.settled(key)))
        // Who waits waits on, until the database answers or the time is over.
        .catch(() => undefined)
        .finally(() => {
          this.asking = undefined;
          if (this.waiting.size > 0) this.ask();
        });
    }, ASK_EVERY_MS);
  }
}
