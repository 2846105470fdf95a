import { setTimeout as delay } from 'node:timers/promises';
import { Watchers } from './watchers.js';

export interface Reading {
  /** The event that tells it. */
  readonly text: string;
  /** How long after it the next reading begins, milliseconds. */
  readonly pauseMs: number;
}

interface Source {
  read(): Promise<Reading>;
  /** How long after a reading that came to nothing, milliseconds. */
  readonly againAfterMs: number;
  failed(error: unknown): void;
}

/** Reads one thing again and again while somebody watches it, one reading at a time, and tells all who do. */
export class RepeatedAnswer {
  private readonly watchers = new Watchers(
    (signal) => this.run(signal),
    () => (this.latest = undefined),
  );
  /** For who comes between two readings. */
  private latest: string | undefined;

  constructor(private readonly source: Source) {}

  /** @param tell gets each answer as an event, the latest one at once @returns what ends it */
  watch(tell: (text: string) => void): () => void {
    if (this.latest !== undefined) tell(this.latest);
    return this.watchers.add(tell);
  }

  end(): void {
    this.watchers.end();
  }

  private async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      let pauseMs = this.source.againAfterMs;
      try {
        const reading = await this.source.read();
        if (signal.aborted) return;
        pauseMs = reading.pauseMs;
        this.latest = reading.text;
        this.watchers.tell(reading.text);
      } catch (error) {
        this.source.failed(error);
      }
      await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
