type Tell = (text: string) => void;

/** Who watches one thing. It is looked at from the first of them to the last. */
export class Watchers {
  private readonly all = new Set<Tell>();
  private ending: AbortController | undefined;

  /** @param run looks at it until the signal aborts; never rejects @param ended nobody watches any more */
  constructor(
    private readonly run: (signal: AbortSignal) => Promise<void>,
    private readonly ended: () => void = () => undefined,
  ) {}

  /** @param tell gets what is told from now on @returns what ends it */
  add(tell: Tell): () => void {
    this.all.add(tell);
    if (!this.ending) void this.run((this.ending = new AbortController()).signal);
    return () => {
      this.all.delete(tell);
      if (this.all.size === 0) this.end();
    };
  }

  tell(text: string): void {
    for (const tell of this.all) tell(text);
  }

  /** Tells nobody any more. */
  end(): void {
    this.all.clear();
    this.ending?.abort();
    this.ending = undefined;
    this.ended();
  }
}
