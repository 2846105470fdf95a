import type { Applicable } from './apply.handler.js';
import type { QueuedEntry } from './lane-store.js';

/** Which entries cannot be applied now, and which rows they name. */
export interface Held {
  has(key: string): boolean;
  readonly rows: ReadonlySet<string>;
}

/** An entry that is to be applied, with the rows that it names. */
export interface Chosen extends Applicable {
  readonly rows: readonly string[];
}

/**
 * Chooses the next entries, in order, at most `max`. An entry that names a row of a held one, or of one that waits for a held one, is left out:
 * entries that share a row keep their order.
 * @param queued in the order of the queue
 * @param rowsOf the rows that an entry's handler names
 */
export function choose(
  queued: readonly QueuedEntry[],
  rowsOf: (input: unknown) => readonly string[],
  held: Held,
  max: number,
): Chosen[] {
  const chosen: Chosen[] = [];
  const busy = new Set(held.rows);
  const last = new Map<string, string>();
  for (const { key, input } of queued) {
    if (chosen.length >= max) break;
    const rows = rowsOf(input);
    if (held.has(key) || rows.some((row) => busy.has(row))) {
      for (const row of rows) busy.add(row);
      continue;
    }
    const behind = new Set<string>();
    for (const row of rows) {
      const before = last.get(row);
      if (before !== undefined && before !== key) behind.add(before);
      last.set(row, key);
    }
    chosen.push({ key, input, behind: [...behind], rows });
  }
  return chosen;
}
