import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { scan, type Chunk, type Direction, type OffsetRange, type ScanLimits, type ScanPlace } from './log-scan.js';

/**
 * Goal: who looks through the log page by page meets each record once, in order of time, and the other way the same ones; whatever the limits.
 * Method: logs in memory with gaps between offsets, as transactions and compaction leave them, and reads that stop early.
 */
interface Entry {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: number;
  readonly sizeBytes: number;
}

const NO_LIMIT: ScanLimits = { items: Infinity, records: 1_000_000, bytes: Infinity, ms: Infinity };
const TOPIC = 't';
const nameOf = ({ partition, offset }: Entry): string => `${partition}@${offset}`;

class Logs {
  constructor(
    private readonly entries: readonly (readonly Entry[])[],
    /** A range of more than one offset is read up to so many records. */
    private readonly readAtOnce = Infinity,
  ) {}

  placesAt(end: 'earliest' | 'latest' | readonly bigint[]): ScanPlace[] {
    return this.entries.map((log, partition) => {
      const latest = BigInt(log.at(-1)?.offset ?? -1n) + 2n;
      const at = end === 'earliest' ? 0n : end === 'latest' ? latest : (end[partition] ?? 0n);
      return { topic: TOPIC, partition, at, earliest: 0n, latest };
    });
  }

  readonly read = (ranges: readonly OffsetRange[]): Promise<Chunk<Entry>[]> =>
    Promise.resolve(
      ranges.map(({ partition, from, to }) => {
        const inRange = (this.entries[partition] ?? []).filter(
          ({ offset }) => BigInt(offset) >= from && BigInt(offset) < to,
        );
        const cut = to - from > 1n ? inRange[this.readAtOnce] : undefined;
        return cut
          ? { records: inRange.slice(0, this.readAtOnce), reached: BigInt(cut.offset) }
          : { records: inRange, reached: to };
      }),
    );

  get all(): Entry[] {
    return this.entries.flat();
  }
}

async function pages(logs: Logs, direction: Direction, limits: Partial<ScanLimits>, fits: (one: Entry) => boolean) {
  const found: (readonly Entry[])[] = [];
  const positions: (readonly bigint[])[] = [];
  let at = logs.placesAt(direction === 'forward' ? 'earliest' : 'latest').map((place) => place.at);
  for (;;) {
    const wish = { direction, places: logs.placesAt(at), limits: { ...NO_LIMIT, ...limits }, firstChunk: 2, fits };
    const page = await scan(wish, logs.read);
    found.push(page.items);
    positions.push(page.positions);
    if (page.complete) return { found, positions };
    // Otherwise nobody would ever reach the end.
    expect(page.positions).not.toEqual(at);
    at = [...page.positions];
  }
}

/** @param monotonic as in a topic with the broker's times; else a record may be earlier than the one before it */
const someLogs = (monotonic: boolean) =>
  fc
    .array(fc.array(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 5 })), { maxLength: 12 }), {
      minLength: 1,
      maxLength: 4,
    })
    .map((partitions) =>
      partitions.map((steps, partition) => {
        let [offset, time] = [0, 0];
        return steps.map(([gap, later]): Entry => {
          offset += gap + 1;
          time = monotonic ? time + later : later;
          return { partition, offset: String(offset - 1), timestamp: time, sizeBytes: 10 };
        });
      }),
    );
const someLimits = fc.record({
  items: fc.integer({ min: 1, max: 7 }),
  records: fc.integer({ min: 1, max: 20 }),
  bytes: fc.integer({ min: 1, max: 200 }),
});
const atOnce = fc.constantFrom(1, 2, Infinity);
const EVERY = () => true;

describe('a scan', () => {
  it('pages meet each record once, in each direction, whatever the times and the limits', async () => {
    await fc.assert(
      fc.asyncProperty(someLogs(false), someLimits, atOnce, async (entries, limits, readAtOnce) => {
        const logs = new Logs(entries, readAtOnce);
        for (const direction of ['forward', 'backward'] as const) {
          const met = (await pages(logs, direction, limits, EVERY)).found.flat().map(nameOf);
          expect(met.toSorted()).toEqual(logs.all.map(nameOf).sort());
          for (const [partition, log] of entries.entries()) {
            const own = met.filter((name) => name.startsWith(`${partition}@`));
            expect(direction === 'forward' ? own : own.toReversed()).toEqual(log.map(nameOf));
          }
        }
      }),
    );
  });

  it('where the broker sets the times, records come in their order, and the way back is the way there', async () => {
    await fc.assert(
      fc.asyncProperty(someLogs(true), someLimits, atOnce, async (entries, limits, readAtOnce) => {
        const logs = new Logs(entries, readAtOnce);
        const there = (await pages(logs, 'forward', limits, EVERY)).found.flat();
        const times = there.map(({ timestamp }) => timestamp);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        const back = (await pages(logs, 'backward', limits, EVERY)).found.flat();
        expect(back.toReversed().map(nameOf)).toEqual(there.map(nameOf));
      }),
    );
  });

  it('from where a page ended, the page back has the same records', async () => {
    await fc.assert(
      fc.asyncProperty(someLogs(true), fc.integer({ min: 1, max: 5 }), atOnce, async (entries, items, readAtOnce) => {
        const logs = new Logs(entries, readAtOnce);
        const { found, positions } = await pages(logs, 'forward', { items }, EVERY);
        for (const [index, page] of found.entries()) {
          const places = logs.placesAt(positions[index] ?? []);
          const limits = { ...NO_LIMIT, items: Math.max(1, page.length) };
          if (page.length === 0) continue;
          const back = await scan({ direction: 'backward', places, limits, firstChunk: 2, fits: EVERY }, logs.read);
          expect(back.items.toReversed().map(nameOf)).toEqual(page.map(nameOf));
        }
      }),
    );
  });

  it('a filter leaves out what does not fit, and counts it as looked at', async () => {
    await fc.assert(
      fc.asyncProperty(someLogs(true), someLimits, async (entries, limits) => {
        const logs = new Logs(entries);
        const isEven = ({ offset }: Entry): boolean => Number(offset) % 2 === 0;
        const met = (await pages(logs, 'forward', limits, isEven)).found.flat();
        expect(met.map(nameOf).sort()).toEqual(logs.all.filter(isEven).map(nameOf).sort());
        const whole = { direction: 'forward', places: logs.placesAt('earliest'), limits: NO_LIMIT } as const;
        const { records, complete } = await scan({ ...whole, firstChunk: 2, fits: isEven }, logs.read);
        expect([records, complete]).toEqual([logs.all.length, true]);
      }),
    );
  });

  it('a page that is full, or has read enough, is not complete, and the next one goes on', async () => {
    const log = Array.from({ length: 100 }, (_, n) => ({ partition: 0, offset: `${n}`, timestamp: n, sizeBytes: 10 }));
    const logs = new Logs([log]);
    const places = logs.placesAt('earliest');
    const of = (limits: Partial<ScanLimits>) =>
      scan({ direction: 'forward', places, limits: { ...NO_LIMIT, ...limits }, firstChunk: 4, fits: EVERY }, logs.read);
    expect(await of({ items: 10 })).toMatchObject({ records: 10, positions: [10n], complete: false });
    const enough = await of({ records: 20 });
    expect([enough.complete, enough.records]).toEqual([false, 28]);
    const noTime = await of({ ms: 0 });
    expect([noTime.complete, noTime.records]).toEqual([false, 4]);
    expect(await of({})).toMatchObject({ records: 100, complete: true });
  });
});
