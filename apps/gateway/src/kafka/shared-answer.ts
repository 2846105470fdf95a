/** One answer for all who ask while it is made, and for a while after. A failure is told to those who wait, and not kept. */
export class SharedAnswer<Answer> {
  private made: Promise<Answer> | undefined;
  private until = Infinity;

  constructor(
    private readonly keepMs: number,
    private readonly make: () => Promise<Answer>,
  ) {}

  get(): Promise<Answer> {
    if (this.made && performance.now() < this.until) return this.made;
    this.until = Infinity;
    const making = this.make();
    this.made = making;
    making.then(
      () => {
        if (this.made === making) this.until = performance.now() + this.keepMs;
      },
      () => {
        if (this.made === making) this.made = undefined;
      },
    );
    return making;
  }
}
