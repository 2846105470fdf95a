/** Consecutive absent rows of one need, after which the next one is assumed to be absent too. */
export const ABSENT_AFTER = 3;
/** Needs that are counted for one handler and message. A handler has more only if it makes up their names at run time. */
const NEEDS_MAX = 32;

/**
 * Counts, for each need of a handler, how many consecutive rows were absent. A handler that inserts rows (a new account, an idempotency
 * key, a first booking) needs each of them before it exists.
 */
export class Absences {
  private readonly handlers = new WeakMap<object, Map<string, Map<string, number>>>();

  isLikely(handler: object, message: string, need: string): boolean {
    return (this.handlers.get(handler)?.get(message)?.get(need) ?? 0) >= ABSENT_AFTER;
  }

  /** Notes whether a row of this need was there before its batch. */
  note(handler: object, message: string, need: string, wasThere: boolean): void {
    const needs = this.needsOf(handler, message);
    const inARow = needs.get(need);
    if (inARow === undefined && needs.size >= NEEDS_MAX) return;
    if (wasThere) {
      if (inARow !== 0) needs.set(need, 0);
    } else if (inARow === undefined || inARow < ABSENT_AFTER) {
      needs.set(need, (inARow ?? 0) + 1);
    }
  }

  private needsOf(handler: object, message: string): Map<string, number> {
    let messages = this.handlers.get(handler);
    if (!messages) this.handlers.set(handler, (messages = new Map()));
    let needs = messages.get(message);
    if (!needs) messages.set(message, (needs = new Map()));
    return needs;
  }
}
