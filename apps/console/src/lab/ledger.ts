/** What became of the orders that this page has placed, by its own books. */
export interface Balance {
  /** Answered 202, each with an id. */
  readonly accepted: number;
  /** Those that the gateway has told as ended. */
  readonly ended: number;
  readonly waiting: number;
  /** Those of which the gateway says that there is no such order. */
  readonly lost: number;
  /** The first of them. */
  readonly lostIds: readonly string[];
  /** Requests that were answered with a problem, or never. They placed nothing that anybody was promised. */
  readonly refused: number;
}

/** So many are followed; while there are more under way, nothing is placed. */
export const WAITING_MAX = 2_000;
const LOST_SHOWN_MAX = 10;

/**
 * Every 202 of the page, until its order has ended. The ledger is the page's own, so that the server is not believed alone: an accepted order that
 * the gateway does not know is lost, whatever the invariants say.
 */
export class Ledger {
  /** By id, when the gateway was last asked for it; the one that waits longest for that first. */
  private readonly open = new Map<string, number>();
  private readonly missing = new Set<string>();
  private accepted = 0;
  private ended = 0;
  private refused = 0;

  get isFull(): boolean {
    return this.open.size >= WAITING_MAX;
  }

  accept(id: string, at: number): void {
    this.accepted += 1;
    this.open.set(id, at);
  }

  refuse(): void {
    this.refused += 1;
  }

  /** The gateway has told of it. Ids of others are passed by, and what is told twice counts once. */
  tell(id: string, hasEnded: boolean, at: number): void {
    if (this.missing.delete(id)) this.open.set(id, at);
    if (!this.open.has(id)) return;
    this.open.delete(id);
    if (hasEnded) this.ended += 1;
    else this.open.set(id, at);
  }

  /** The gateway says that there is no such order. */
  miss(id: string): void {
    if (this.open.delete(id)) this.missing.add(id);
  }

  /** Those that were not told of for longest, which were told of before `before`. */
  toAsk(count: number, before: number): readonly string[] {
    const ids: string[] = [];
    for (const [id, at] of this.open) {
      if (ids.length >= count) break;
      if (at < before) ids.push(id);
    }
    return ids;
  }

  balance(): Balance {
    return {
      accepted: this.accepted,
      ended: this.ended,
      waiting: this.open.size,
      lost: this.missing.size,
      lostIds: [...this.missing].slice(0, LOST_SHOWN_MAX),
      refused: this.refused,
    };
  }
}
