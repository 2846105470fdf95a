const ENTRIES_MIN = 1_024;
/** The largest load factor: in a fuller table, look-ups pass over too many other entries. */
const FILLED_MAX = 0.7;

/**
 * A multimap from whole numbers to numbers: 16 bytes an entry, with room to grow 23 to 46. An object and a string for each would take
 * hundreds. Open addressing with linear probing (Knuth, The Art of Computer Programming 3, 6.4, algorithm L).
 */
export class NumberTable {
  private keys = new Float64Array(ENTRIES_MIN).fill(NaN);
  private values = new Float64Array(ENTRIES_MIN);
  private count = 0;

  get size(): number {
    return this.count;
  }

  add(key: number, value: number): void {
    if (this.count >= this.keys.length * FILLED_MAX) this.grow();
    this.put(key, value);
    this.count += 1;
  }

  /** All numbers of the key. */
  all(key: number): number[] {
    const found: number[] = [];
    for (let at = this.home(key); !Number.isNaN(this.keys[at]); at = this.after(at)) {
      if (this.keys[at] === key) found.push(this.values[at] ?? NaN);
    }
    return found;
  }

  get(key: number): number | undefined {
    const at = this.find(key);
    return at === undefined ? undefined : this.values[at];
  }

  /** Replaces the numbers of the key. */
  set(key: number, value: number): void {
    const at = this.find(key);
    if (at === undefined) this.add(key, value);
    else this.values[at] = value;
  }

  private find(key: number): number | undefined {
    for (let at = this.home(key); !Number.isNaN(this.keys[at]); at = this.after(at))
      if (this.keys[at] === key) return at;
    return undefined;
  }

  private put(key: number, value: number): void {
    let at = this.home(key);
    while (!Number.isNaN(this.keys[at])) at = this.after(at);
    this.keys[at] = key;
    this.values[at] = value;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 2).fill(NaN);
    this.values = new Float64Array(keys.length * 2);
    for (const [at, key] of keys.entries()) if (!Number.isNaN(key)) this.put(key, values[at] ?? NaN);
  }

  /** Keys may be offsets, near each other: both halves are mixed before the low bits are taken. */
  private home(key: number): number {
    const mixed = Math.imul((key % 2 ** 32) ^ Math.floor(key / 2 ** 32), 0x9e3779b1);
    return (mixed ^ (mixed >>> 15)) & (this.keys.length - 1);
  }

  private after(at: number): number {
    return (at + 1) & (this.keys.length - 1);
  }
}
