/** How often a stream is written at most, milliseconds: too short for a person to notice. */
const WRITE_EVERY_MS = 50;
/** How often all streams together are written a second. A write costs the gateway some 50 µs, however little it holds. */
const WRITES_PER_SECOND_MAX = 500;

/** When the streams of a gateway write what waits for them: all at once, and the less often the more there are. */
export class Pace {
  private streams = 0;
  private beat: Promise<void> | undefined;

  /** One stream more. @returns what ends it */
  join(): () => void {
    this.streams++;
    return () => void this.streams--;
  }

  /** Between two writes of a stream, milliseconds. */
  get everyMs(): number {
    return Math.max(WRITE_EVERY_MS, (this.streams * 1_000) / WRITES_PER_SECOND_MAX);
  }

  /** Resolves when a stream that has written may write again. */
  next(): Promise<void> {
    return (this.beat ??= new Promise((resolve) => {
      setTimeout(() => {
        this.beat = undefined;
        resolve();
      }, this.everyMs);
    }));
  }
}
