/** Lets so many run at a time; the others wait their turn. */
export class Slots {
  private used = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly max: number) {}

  async use<T>(work: () => Promise<T>): Promise<T> {
    if (this.used >= this.max) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.used += 1;
    try {
      return await work();
    } finally {
      // The slot is handed on as it is.
      const next = this.waiting.shift();
      if (next) next();
      else this.used -= 1;
    }
  }
}
