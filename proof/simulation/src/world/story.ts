import { EPOCH, type Kernel } from './kernel.js';

/** What happened, line by line, in words that do not change from one run to the next: names and numbers, never random ids. */
export class Story {
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();

  /** @param told false: nothing is kept, which is what makes thousands of runs quick */
  constructor(
    private readonly kernel: Kernel,
    readonly told: boolean,
  ) {}

  /** From now on `id` is called `name`. */
  name(id: string, name: string): void {
    this.names.set(id, name);
  }

  nameOf(id: string): string {
    return this.names.get(id) ?? id;
  }

  /** @param line made only when the story is told */
  tell(line: () => string): void {
    if (!this.told) return;
    const seconds = ((this.kernel.now - EPOCH) / 1_000).toFixed(3);
    this.lines.push(`t=${seconds.padStart(8)}s  ${line()}`);
  }
}
