/** Does something once for all that asks for it within a time, and never twice at the same time. */
export class Soon {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isRunning = false;
  private isAsked = false;

  constructor(
    private readonly withinMs: number,
    private readonly act: () => Promise<unknown>,
  ) {}

  ask(): void {
    if (this.isRunning) this.isAsked = true;
    else this.timer ??= setTimeout(() => void this.run(), this.withinMs);
  }

  end(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.isAsked = false;
  }

  private async run(): Promise<void> {
    this.timer = undefined;
    this.isRunning = true;
    try {
      await this.act();
    } finally {
      this.isRunning = false;
      if (this.isAsked) {
        this.isAsked = false;
        this.ask();
      }
    }
  }
}
