import { SHOWN_MAX } from './flow.js';

/** New rows a second that somebody can follow: of twenty that are seen, each stays for five seconds. */
const ROWS_PER_SECOND = 4;

/** How many rows may come now: of a burst as many as there are in all, of what goes on and on no more than can be read. */
export class Allowance {
  private rows = SHOWN_MAX;
  private atMs: number;

  /** @param now a clock in ms that is never set */
  constructor(private readonly now: () => number) {
    this.atMs = now();
  }

  /** Whole rows. */
  left(): number {
    const now = this.now();
    this.rows = Math.min(SHOWN_MAX, this.rows + ((now - this.atMs) / 1_000) * ROWS_PER_SECOND);
    this.atMs = now;
    return Math.floor(this.rows);
  }

  use(rows: number): void {
    this.rows -= rows;
  }
}
