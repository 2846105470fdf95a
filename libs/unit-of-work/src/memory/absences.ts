/** So many rows in a row that a need asked for were not there: then most likely the next one is not, either. */
export const ABSENT_AFTER = 3;
/** Needs of a handler that are counted, for one kind of message. More there are only where names are made up at run time. */
const NEEDS_MAX = 32;

/**
 * How often in a row the rows were not there that a handler asked for, by the name of its need: a handler that brings rows into being (a new
 * order, an idempotency key, a first charge) asks for each of them before there is one.
 */
export class Absences {
  private readonly handlers = new WeakMap<object, Map<string, Map<string, number>>>();

  isLikely(handler: object, message: string, need: string): boolean {
    return (this.handlers.get(handler)?.get(message)?.get(need) ?? 0) >= ABSENT_AFTER;
  }

  /** The last row that was asked for was there, or was not. */
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
