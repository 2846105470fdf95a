/** Attempts of a few seconds, and those of them that were lost. */
export interface Slot {
  /** When it began, milliseconds since 1970, a multiple of {@link SLOT_MS}: so those of several instances add up. */
  readonly at: number;
  readonly attempts: number;
  readonly lost: number;
  /** Attempts that had locked the row as they read it. Counted of keys, not of entities. */
  readonly locked: number;
}

/** How long a slot is, milliseconds: as often as instances tell. */
export const SLOT_MS = 5_000;
/** Slots of a series: a minute, the slot that has begun included. */
export const SLOTS_MAX = 12;

const slotAt = (time: number): number => Math.floor(time / SLOT_MS) * SLOT_MS;

/** Attempts of the last minute, slot by slot. A time without attempts has no slot. */
export class Series {
  private readonly slots: { -readonly [K in keyof Slot]: Slot[K] }[] = [];

  /** Slots that are kept. */
  get size(): number {
    return this.slots.length;
  }

  /** @param time milliseconds since 1970. Where that clock was set back, a slot is there twice, and {@link sumOfSeries} adds both up. */
  add(time: number, attempts: number, lost: number, locked = 0): void {
    const at = slotAt(time);
    let last = this.slots.at(-1);
    if (last?.at !== at) {
      this.slots.push((last = { at, attempts: 0, lost: 0, locked: 0 }));
      if (this.slots.length > SLOTS_MAX) this.slots.shift();
    }
    last.attempts += attempts;
    last.lost += lost;
    last.locked += locked;
  }

  /** Those of the minute before `time`. */
  until(time: number): Slot[] {
    const newest = slotAt(time);
    return this.slots
      .filter(({ at }) => at > newest - SLOTS_MAX * SLOT_MS && at <= newest)
      .map((slot) => ({ ...slot }));
  }
}

/** What several have counted in the same slots, in the order of time. */
export function sumOfSeries(all: readonly (readonly Slot[])[]): Slot[] {
  const sums = new Map<number, Slot>();
  for (const { at, attempts, lost, locked } of all.flat()) {
    const sum = sums.get(at) ?? { attempts: 0, lost: 0, locked: 0 };
    sums.set(at, { at, attempts: sum.attempts + attempts, lost: sum.lost + lost, locked: sum.locked + locked });
  }
  return [...sums.values()].sort((a, b) => a.at - b.at).slice(-SLOTS_MAX);
}
