/** What happened, in readable lines with their time since the beginning; printed as it happens and again when a run fails. */
export class Story {
  private readonly told: string[] = [];
  private readonly began = performance.now();

  constructor(private readonly print: (line: string) => void) {}

  /** Milliseconds since the run began. */
  get elapsedMs(): number {
    return performance.now() - this.began;
  }

  tell(what: string): void {
    const line = `${(this.elapsedMs / 1_000).toFixed(1).padStart(7)} s  ${what}`;
    this.told.push(line);
    this.print(line);
  }

  get lines(): readonly string[] {
    return this.told;
  }
}
