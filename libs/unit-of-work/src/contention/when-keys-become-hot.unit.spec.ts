import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { adaptive, Contended, optimistic, Version, type VersionedTable } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { offlineTables } from '../testing/index.js';
import { DEFAULT_HOT_KEY_LIMITS as LIMITS, HotKeys, type HotKey } from './hot-keys.js';

/**
 * Goal: a key that conflicts often is locked for a while and tried again; chance, a flood of keys and a load that is neither high nor low
 * change nothing. Method: a clock of the spec's own, and loads drawn by lot with a fixed seed.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') baked!: number;
  @Version() version!: number;
}

@Entity('crumb')
@Contended(optimistic())
class Crumb {
  @PrimaryColumn('text') id!: string;
  @Version() version!: number;
}

let loaf: VersionedTable;
let crumb: VersionedTable;
beforeAll(async () => {
  const tables = await offlineTables([Loaf, Crumb]);
  loaf = tables.of(Loaf);
  crumb = tables.of(Crumb);
});

let now: number;
let keys: HotKeys;
let switches: { readonly at: number; readonly locked: boolean; readonly why: HotKey['why'] }[];
beforeEach(() => {
  now = 0;
  switches = [];
  keys = new HotKeys(
    () => now,
    ({ locked, why }) => switches.push({ at: now, locked, why }),
    LIMITS,
    () => now,
  );
});

const isLocked = (key = 'rye'): boolean => {
  const hot = keys.of(loaf).get(key);
  return hot !== undefined && keys.isLocked(hot);
};

let version = 1;
/** One attempt, taken as the key is taken now. @param others whether somebody else has written the row since the last one */
function attempt(others: boolean, key = 'rye', table = loaf): void {
  const hot = keys.of(table).get(key);
  const locked = hot !== undefined && keys.isLocked(hot);
  if (others) version++;
  const lost = others && !locked;
  if (hot) keys.attempted(hot, locked, version, lost ? undefined : version + 1);
  if (lost) keys.conflicted(table, key);
  else version++;
}

/** xorshift32: the same draws each time. */
function lot(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/** Attempts at a rate, a share of which would lose. */
function load(seconds: number, perSecond: number, share: number, draw = lot(7)): void {
  const end = now + seconds * 1_000;
  while (now < end) {
    attempt(draw() < share);
    now += 1_000 / perSecond;
  }
}

describe('a key of an adaptive entity', () => {
  it('a key is not locked before twenty attempts, however many of them are lost', () => {
    for (let n = 1; n < LIMITS.attemptsMin; n++) attempt(true);
    expect(isLocked()).toBe(false);
    attempt(true);
    expect(isLocked()).toBe(true);
    const why = { rule: 'conflicts', measured: 0.95, threshold: 0.15, attempts: 20, previous: 'optimistic' };
    // Decided as the twentieth attempt is counted, and before what became of it.
    expect(switches).toEqual([{ at: 0, locked: true, why }]);
    expect(keys.of(loaf).get('rye')?.series.until(now)).toEqual([{ at: 0, attempts: 20, lost: 20, locked: 0 }]);
  });

  it.each([20, 100, 1_000])('a key that loses half of %i attempts a second is locked within three seconds', (rate) => {
    load(3, rate, 0.5);
    expect(isLocked()).toBe(true);
  });

  it('a locked key is tried without locks after five seconds, then after ten, up to 64, as long as it still conflicts', () => {
    load(200, 100, 0.5);
    const locked = switches.flatMap(({ at, locked }, n) => (locked ? [(switches[n + 1]?.at ?? now) - at] : []));
    expect(locked.slice(0, 5).map((ms) => Math.round(ms / 1_000))).toEqual([5, 10, 20, 40, 64]);
  });

  it('a key that is locked for a minute is let go within seconds once nobody else writes it', () => {
    load(90, 100, 0.5);
    const { lockedUntil = 0 } = keys.of(loaf).get('rye') ?? {};
    expect(lockedUntil - now).toBeGreaterThan(30_000);
    load(15, 20, 0);
    expect(switches.at(-1)).toMatchObject({
      locked: false,
      why: { rule: 'calm', threshold: 0.05, previous: 'locked' },
    });
    expect(keys.size).toBe(0);
  });

  it('a locked key goes back when it is tried again and conflicts no more', () => {
    load(3, 100, 0.5);
    expect(isLocked()).toBe(true);
    const [slot] = keys.of(loaf).get('rye')?.series.until(now) ?? [];
    expect(slot?.locked).toBeGreaterThan(200);
    expect(slot?.locked).toBeLessThan(slot?.attempts ?? NaN);
    now += LIMITS.holdMs;
    expect(isLocked()).toBe(false);
    expect(switches.at(-1)?.why).toMatchObject({ rule: 'time_over', threshold: LIMITS.holdMs, attempts: null });
    load(1, 100, 0);
    expect(keys.size).toBe(0);
  });

  it('a locked key that nobody wants any more is forgotten', () => {
    load(3, 100, 0.5);
    now += LIMITS.idleMs + 1;
    expect(keys.all()).toEqual([]);
    const why = { rule: 'unwanted', threshold: LIMITS.idleMs, previous: 'locked' };
    expect(switches.at(-1)).toMatchObject({ locked: false, why });
  });

  it.each([5, 20, 100, 500])(
    'a key held at a tenth of conflicts, %i attempts a second, changes its strategy at most twice in any minute of ten',
    (rate) => {
      for (const seed of [1, 2, 3]) {
        load(600, rate, 0.1, lot(seed));
        const inAMinute = switches.map(({ at }) =>
          switches.filter((other) => other.at >= at && other.at < at + 60_000),
        );
        expect(Math.max(0, ...inAMinute.map(({ length }) => length))).toBeLessThanOrEqual(2);
        switches = [];
      }
    },
  );

  it('a key that conflicts seldom is forgotten', () => {
    attempt(true);
    expect(keys.size).toBe(1);
    load(5, 100, 0.01);
    expect(keys.size).toBeLessThanOrEqual(1);
    load(1, 100, 0);
    expect(keys.size).toBe(0);
  });
});

it('a key of an optimistic entity is watched and never locked', () => {
  for (let n = 0; n < 100; n++) attempt(true, 'rye', crumb);
  const [hot] = keys.all();
  expect(hot && keys.isLocked(hot)).toBe(false);
  expect(hot?.lost).toBe(hot?.weight);
});

it('a million different keys that conflict once do not make the table grow, and do not push out a key that is locked', () => {
  load(3, 100, 0.9);
  const hot = keys.of(loaf).get('rye');
  for (let n = 0; n < 1_000_000; n++) {
    keys.conflicted(loaf, `loaf-${n}`);
    if (n % 1_000 === 0 && hot) hot.wantedAt = now;
  }
  expect(keys.size).toBeLessThanOrEqual(LIMITS.keysMax);
  expect(keys.of(loaf).get('rye')).toBe(hot);
});

it('enter and leave are what the entity declares', async () => {
  @Entity('bun')
  @Contended(adaptive({ enter: 0.7, leave: 0.01 }))
  class Bun {
    @PrimaryColumn('text') id!: string;
    @Version() version!: number;
  }
  const bun = (await offlineTables([Bun])).of(Bun);
  const draw = lot(3);
  for (let n = 0; n < 500; n++) attempt(draw() < 0.5, 'rye', bun);
  expect(switches).toEqual([]);
  for (let n = 0; n < 500; n++) attempt(draw() < 0.95, 'rye', bun);
  expect(switches[0]).toMatchObject({ locked: true });
});
