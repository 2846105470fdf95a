import { EPOCH, type Kernel } from './kernel.js';

/** The story of a run, line by line, the same for each repetition: with names and numbers, never random ids. */
export class Story {
  readonly lines: string[] = [];
  private readonly names = new Map<string, string>();

  /** @param told false: no line is kept, which makes thousands of runs fast */
  constructor(
    private readonly kernel: Kernel,
    readonly told: boolean,
  ) {}

  /** Names `id` in later lines. */
  name(id: string, name: string): void {
    this.names.set(id, name);
  }

  nameOf(id: string): string {
    return this.names.get(id) ?? id;
  }

  /** @param line called only when the story is kept */
  tell(line: () => string): void {
    if (!this.told) return;
    const seconds = ((this.kernel.now - EPOCH) / 1_000).toFixed(3);
    this.lines.push(`t=${seconds.padStart(8)}s  ${line()}`);
  }
}
