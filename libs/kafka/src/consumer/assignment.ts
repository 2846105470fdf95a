/** What one generation of the group gave to this member: its partitions, whether they are ready, and the batches in flight. */
export class Assignment {
  private readonly ending = new AbortController();
  private readonly inFlight = new Set<Promise<void>>();
  /** False when the assignment ended before it was ready. */
  readonly ready: Promise<boolean>;

  constructor(
    readonly topics: Readonly<Record<string, readonly number[]>>,
    prepare: (shards: readonly number[], ended: AbortSignal) => Promise<void>,
  ) {
    this.ready = prepare(this.shards, this.ending.signal).then(() => !this.ending.signal.aborted);
  }

  /** The partition numbers held, over all topics. */
  get shards(): readonly number[] {
    return [...new Set(Object.values(this.topics).flat())].sort((a, b) => a - b);
  }

  get busy(): boolean {
    return this.inFlight.size > 0;
  }

  /** Runs the work once the assignment is ready, or never. */
  async run(work: () => Promise<void>): Promise<void> {
    const running = this.ready.then((ready) => (ready && !this.ending.signal.aborted ? work() : undefined));
    this.inFlight.add(running);
    try {
      await running;
    } finally {
      this.inFlight.delete(running);
    }
  }

  /** Lets no more work begin, and waits for the work that has begun. */
  async drain(): Promise<void> {
    this.ending.abort();
    await Promise.allSettled([this.ready, ...this.inFlight]);
  }
}
