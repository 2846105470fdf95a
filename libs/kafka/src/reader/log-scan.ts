import { setImmediate as turn } from 'node:timers/promises';
import type { TopicPartition } from './log-client.js';

/** Forward is from the older to the newer. */
export type Direction = 'forward' | 'backward';

/** What a scan needs to know of a record. */
export interface Scanned {
  /** Decimal, 64 bit. */
  readonly offset: string;
  readonly timestamp: number;
  /** What it holds in memory. */
  readonly sizeBytes: number;
}

/** A partition in a scan. `at` lies between two records: forward the next one has this offset, backward the one before it is next. */
export interface ScanPlace extends TopicPartition {
  readonly at: bigint;
  readonly earliest: bigint;
  readonly latest: bigint;
}

/** What ends a page, whichever comes first. */
export interface ScanLimits {
  /** Records that are returned. */
  readonly items: number;
  /** Records that are read, and their bytes. */
  readonly records: number;
  readonly bytes: number;
  readonly ms: number;
}

/** What is looked for, where, and how far. */
export interface ScanWish<Item extends Scanned> {
  readonly direction: Direction;
  readonly places: readonly ScanPlace[];
  readonly limits: ScanLimits;
  /** Records that are read at once of each partition, at first; the number doubles while more are needed. */
  readonly firstChunk: number;
  readonly fits: (record: Item) => boolean;
}

/** What was found, and how far it was looked. */
export interface ScanPage<Item> {
  /** In the direction of the scan. */
  readonly items: readonly Item[];
  /** Where the scan goes on, in the order of the places. */
  readonly positions: readonly bigint[];
  /** Records that were looked at, and what they hold. */
  readonly records: number;
  readonly bytes: number;
  /** Whether it has reached the end of every partition. */
  readonly complete: boolean;
}

/** Offsets from `from` up to, not including, `to`. */
export interface OffsetRange extends TopicPartition {
  readonly from: bigint;
  readonly to: bigint;
}

/** The records of a range, in the order of their offsets, up to `reached`. */
export interface Chunk<Item> {
  readonly records: readonly Item[];
  readonly reached: bigint;
}

/**
 * Reads ranges. It may stop before the end of a range that has more than one offset, when the records are large: `reached` says where.
 */
export type ReadRanges<Item> = (ranges: readonly OffsetRange[]) => Promise<readonly Chunk<Item>[]>;

/** The event loop gets a turn after so many records: to judge one takes some 20 µs. */
const RECORDS_A_TURN = 500;
/** How much smaller a range becomes whose records were too large to be read whole. */
const SHRINK = 8;

/**
 * Looks at records of several partitions, one after the other in order of time, and returns those that fit. Records of one partition come
 * in the order of their offsets, whatever their times. A scan in the other direction from where this one has ended meets the same records.
 *
 * It stops at the first limit that it meets, but never before it has moved on: who goes on from where it stopped reaches the end.
 */
export async function scan<Item extends Scanned>(
  { direction, places, limits, firstChunk, fits }: ScanWish<Item>,
  read: ReadRanges<Item>,
): Promise<ScanPage<Item>> {
  const began = performance.now();
  const chunkMax = Math.max(1, Math.floor(limits.records / Math.max(1, places.length)));
  const windows = places.map((place) => new Window<Item>(place, direction, Math.min(firstChunk, chunkMax), chunkMax));
  const items: Item[] = [];
  let [looked, bytes, readRecords, readBytes] = [0, 0, 0, 0];
  const page = (): ScanPage<Item> => ({
    items,
    positions: windows.map(({ at }) => at),
    records: looked,
    bytes,
    complete: windows.every((window) => window.isDone),
  });
  for (;;) {
    const hungry = windows.filter((window) => window.isHungry);
    if (hungry.length > 0) {
      const isSpent =
        readRecords >= limits.records || readBytes >= limits.bytes || performance.now() - began >= limits.ms;
      if (isSpent && windows.some(({ hasMoved }) => hasMoved)) return page();
      const chunks = await read(hungry.map((window) => window.wanted()));
      for (const [index, window] of hungry.entries()) {
        const { records, reached } = chunks[index]!;
        readRecords += records.length;
        for (const { sizeBytes } of records) readBytes += sizeBytes;
        window.take(records, reached);
      }
      continue;
    }
    // Every window has a record, or no more of them: the first of all is known.
    let next = first(windows, direction);
    for (; next; next = first(windows, direction)) {
      const record = next.pass();
      looked += 1;
      bytes += record.sizeBytes;
      if (fits(record)) items.push(record);
      if (items.length >= limits.items) return page();
      if (looked % RECORDS_A_TURN === 0) await turn();
      if (next.isHungry) break;
    }
    if (!next) return page();
  }
}

/** The window whose record is the earliest, or backward the latest. Of two at the same time the first place is earlier. */
function first<Item extends Scanned>(windows: readonly Window<Item>[], direction: Direction): Window<Item> | undefined {
  let found: Window<Item> | undefined;
  for (const window of windows) {
    const { head } = window;
    if (!head) continue;
    const before = found?.head?.timestamp;
    if (before === undefined || (direction === 'forward' ? head.timestamp < before : head.timestamp >= before))
      found = window;
  }
  return found;
}

/** The records of one partition that are read and not passed yet. */
class Window<Item extends Scanned> {
  at: bigint;
  hasMoved = false;
  /** In the direction of the scan, up to `edge`. */
  private records: readonly Item[] = [];
  private passed = 0;
  private edge: bigint;
  private readonly end: bigint;

  constructor(
    private readonly place: ScanPlace,
    private readonly direction: Direction,
    private chunk: number,
    private readonly chunkMax: number,
  ) {
    const { at, earliest, latest } = place;
    this.end = direction === 'forward' ? latest : earliest;
    const inside = at < earliest ? earliest : at > latest ? latest : at;
    this.at = this.edge = inside;
  }

  get head(): Item | undefined {
    return this.records[this.passed];
  }

  get isDone(): boolean {
    return this.head === undefined && this.edge === this.end;
  }

  get isHungry(): boolean {
    return this.head === undefined && this.edge !== this.end;
  }

  wanted(): OffsetRange {
    const { topic, partition } = this.place;
    const { edge, end } = this;
    const chunk = BigInt(this.chunk);
    return this.direction === 'forward'
      ? { topic, partition, from: edge, to: edge + chunk < end ? edge + chunk : end }
      : { topic, partition, from: edge - chunk > end ? edge - chunk : end, to: edge };
  }

  take(records: readonly Item[], reached: bigint): void {
    const { from, to } = this.wanted();
    const isWhole = reached >= to;
    if (isWhole) this.chunk = Math.min(this.chunk * 2, this.chunkMax);
    else this.chunk = Math.max(1, Math.floor(this.chunk / SHRINK));
    // Backward, what was read is of use only with all that comes after it.
    if (!isWhole && this.direction === 'backward') return;
    this.records = this.direction === 'forward' ? records : records.toReversed();
    this.passed = 0;
    this.edge = this.direction === 'forward' ? reached : from;
    this.settle();
  }

  /** Moves past the first record. */
  pass(): Item {
    const record = this.records[this.passed++];
    if (!record) throw new Error('a window without a record cannot pass one');
    this.at = this.direction === 'forward' ? BigInt(record.offset) + 1n : BigInt(record.offset);
    this.hasMoved = true;
    this.settle();
    return record;
  }

  /** Behind the last record there may be offsets without one: marks of transactions, and what compaction took. */
  private settle(): void {
    if (this.head !== undefined || this.at === this.edge) return;
    this.at = this.edge;
    this.hasMoved = true;
    this.records = [];
    this.passed = 0;
  }
}
