import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { custom, hash, Removed, timestamp, Version, VersionNotRisingError } from '@backstep/concurrency';
import { event } from '@backstep/messages';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { z } from 'zod';
import {
  afterCommit,
  DEFAULT_HOT_KEY_LIMITS,
  effect,
  emit,
  insert,
  many,
  one,
  remove,
  touch,
  update,
  type RowChange,
  type UnitOfWork,
} from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: rows whose versions PostgreSQL makes, or the application, are decided on and written as those whose versions are counted.
 * Method: the same requests on a row of each kind: two instances at once, many decisions in one batch, a rival that is under way.
 */
interface Jar {
  readonly id: string;
  readonly beans: number;
  readonly version: number;
}
@Entity('jar_by_time')
class JarByTime implements Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') beans!: number;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version({ by: timestamp() }) version!: number;
}
/** Its lid belongs to another program. */
@Entity('jar_by_hash')
class JarByHash implements Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') beans!: number;
  @Column({ type: 'text', update: false, nullable: true }) lid!: string | null;
  @Version({ by: hash('beans') }) version!: number;
}
@Entity('jar_by_position')
class JarByPosition implements Jar {
  @PrimaryColumn('text') id!: string;
  @Column('integer') beans!: number;
  position?: number;
  @Version({ by: custom<JarByPosition>({ next: ({ position }, before = 0) => position ?? before + 10 }) })
  version!: number;
}
const JARS = { timestamp: JarByTime, hash: JarByHash, custom: JarByPosition } as const;
type Kind = keyof typeof JARS;
const KINDS = Object.keys(JARS) as Kind[];
const jarOf = (kind: Kind): new () => Jar => JARS[kind];

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn(
    [JarByTime, JarByHash, JarByPosition],
    `CREATE TABLE jar_by_time (id text PRIMARY KEY, beans integer NOT NULL, removed_at timestamptz, version timestamptz NOT NULL);
     CREATE TABLE jar_by_hash (id text PRIMARY KEY, beans integer NOT NULL, lid text);
     CREATE TABLE jar_by_position (id text PRIMARY KEY, beans integer NOT NULL, version bigint NOT NULL)`,
  );
});
afterAll(() => bakery.close());
afterEach(() => bakery.endRivals());
beforeEach(() => bakery.database.pool.query('TRUNCATE jar_by_time, jar_by_hash, jar_by_position'));

interface Asked {
  readonly kind: Kind;
  readonly id: string;
  readonly add?: number;
}
interface Found {
  readonly jar: Jar | undefined;
}
const needs = ({ kind, id }: Asked) => ({ jar: one(jarOf(kind), id) });
/** Puts beans into the jar, and makes the jar when there is none. */
const fill = {
  needs,
  decide: ({ kind, id, add = 1 }: Asked, { jar }: Found) => ({
    answer: jar?.version,
    changes: [jar ? update(jarOf(kind), jar, { beans: jar.beans + add }) : insert(jarOf(kind), { id, beans: add })],
  }),
};
const look = { needs, decide: (_: Asked, { jar }: Found) => ({ answer: jar, changes: [] }) };

const TABLE: Readonly<Record<Kind, string>> = {
  timestamp: 'jar_by_time',
  hash: 'jar_by_hash',
  custom: 'jar_by_position',
};
const beansIn = (kind: Kind, id = 'rye'): Promise<number> =>
  bakery.one(`SELECT beans AS value FROM ${TABLE[kind]} WHERE id = $1`, [id]);

describe.each(KINDS)('a row with a version by %s', (kind) => {
  it(`a row by ${kind} that two instances write at once is written by each decision once`, async () => {
    const instances = [bakery.instance(), bakery.instance()];
    const rounds = 40;
    await instances[0]?.unitOfWork.request(fill, { kind, id: 'rye', add: 0 });
    const writers = instances.map(async ({ unitOfWork }) => {
      for (let n = 0; n < rounds; n++) {
        await Promise.all([1, 2, 3].map((add) => unitOfWork.request(fill, { kind, id: 'rye', add })));
      }
    });
    await Promise.all(writers);
    expect(await beansIn(kind)).toBe(2 * rounds * 6);
  });

  it(`a row by ${kind} is inserted and changed by the decisions of one batch, and read with its version by the next`, async () => {
    const { unitOfWork } = bakery.instance();
    await Promise.all([1, 2, 3, 4].map((add) => unitOfWork.request(fill, { kind, id: 'rye', add })));
    const read = await unitOfWork.request(look, { kind, id: 'rye' });
    expect(read).toMatchObject({ beans: 10 });
    expect(read?.version).toBeGreaterThan(0);
    await Promise.all([1, 2].map((add) => unitOfWork.request(fill, { kind, id: 'rye', add })));
    const next = await unitOfWork.request(look, { kind, id: 'rye' });
    expect(next).toMatchObject({ beans: 13 });
    expect(next?.version).not.toBe(read?.version);
    if (kind !== 'hash') expect(next?.version).toBeGreaterThan(read?.version ?? Infinity);
  });

  it(`a row by ${kind} that a rival has changed is decided on again, written or held, and under locks too`, async () => {
    for (const optimisticTries of [3, 0]) {
      const { unitOfWork } = bakery.instance({ optimisticTries });
      await bakery.database.pool.query(`TRUNCATE ${TABLE[kind]}`);
      for (const id of ['rye', 'spelt']) await unitOfWork.request(fill, { kind, id, add: 1 });
      const counts: Readonly<Record<Kind, string>> = {
        timestamp: ', version = clock_timestamp()',
        hash: '',
        custom: ', version = version + 1',
      };
      const rival = await bakery.rival(`UPDATE ${TABLE[kind]} SET beans = 100 ${counts[kind]} WHERE id = 'rye'`);
      /** Writes one jar, and decides from the other. */
      const copy = {
        needs: ({ from, to }: { from: string; to: string }) => ({
          from: one(jarOf(kind), from, { hold: true }),
          to: one(jarOf(kind), to),
        }),
        decide: (_: unknown, { from, to }: { from: Jar | undefined; to: Jar | undefined }) => ({
          answer: from?.beans,
          changes: to ? [update(jarOf(kind), to, { beans: from?.beans ?? -1 })] : [],
        }),
      };
      const copied = unitOfWork.request(copy, { from: 'rye', to: 'spelt' });
      await bakery.waiting(1);
      await rival.commit();
      expect(await copied).toBe(100);
      expect(await beansIn(kind, 'spelt')).toBe(100);
    }
  });

  it(`rows by ${kind} are written many in one batch, each checked`, async () => {
    const { unitOfWork } = bakery.instance();
    const ids = Array.from({ length: 20 }, (_, n) => `jar ${n}`);
    const fillAll = {
      needs: () => ({ jars: many(jarOf(kind), ids) }),
      decide: (add: number, { jars }: { jars: ReadonlyMap<string, Jar> }) => ({
        answer: undefined,
        changes: ids.map((id) => {
          const jar = jars.get(id);
          return jar ? update(jarOf(kind), jar, { beans: jar.beans + add }) : insert(jarOf(kind), { id, beans: add });
        }),
      }),
    };
    for (const add of [1, 2, 3]) await unitOfWork.request(fillAll, add);
    const sums = await bakery.one(
      `SELECT json_build_array(count(*)::int, min(beans), max(beans)) AS value FROM ${TABLE[kind]}`,
    );
    expect(sums).toEqual([ids.length, 6, 6]);
  });
});

/** A key stays locked for longer than a spec runs, unless it is seen that others leave the row alone. */
const HOLDS_LONG = { hotKeys: { ...DEFAULT_HOT_KEY_LIMITS, holdMs: 600_000, holdMaxMs: 600_000 } };
const isLocked = ({ unitOfWork }: { unitOfWork: UnitOfWork }): boolean =>
  unitOfWork.contention.hottest.some(({ strategy }) => strategy === 'locked');

/** Both instances at once do `work` until both lock the row. */
async function untilBothLock(work: (unitOfWork: UnitOfWork) => Promise<unknown>) {
  const instances = [bakery.instance(HOLDS_LONG), bakery.instance(HOLDS_LONG)] as const;
  const until = performance.now() + 20_000;
  const writers = instances.flatMap(({ unitOfWork }) => [unitOfWork, unitOfWork]);
  await Promise.all(
    writers.map(async (unitOfWork) => {
      while (!instances.every(isLocked) && performance.now() < until) await work(unitOfWork);
    }),
  );
  expect(instances.map(isLocked)).toEqual([true, true]);
  return instances;
}

describe('adaptive()', () => {
  it.each(KINDS)(
    'a hot row by %s that others leave alone is let go: its own writes are not those of others',
    async (kind) => {
      const [own, other] = await untilBothLock((unitOfWork) => unitOfWork.request(fill, { kind, id: 'rye' }));
      await other.close();
      const until = performance.now() + 20_000;
      while (isLocked(own) && performance.now() < until) await own.unitOfWork.request(fill, { kind, id: 'rye' });
      expect(isLocked(own)).toBe(false);
    },
    60_000,
  );

  it('a row by timestamp that two touch stays locked, although its content never changes', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(fill, { kind: 'timestamp', id: 'rye' });
    const touching = {
      needs: () => ({ jar: one(JarByTime, 'rye') }),
      decide: (_: unknown, { jar }: { jar: JarByTime | undefined }) => ({
        answer: undefined,
        changes: jar ? [touch(JarByTime, jar)] : [],
      }),
    };
    const instances = await untilBothLock((unitOfWork) => unitOfWork.request(touching, undefined));
    for (let turn = 0; turn < 200; turn++) await instances[turn % 2]?.unitOfWork.request(touching, undefined);
    expect(instances.map(isLocked)).toEqual([true, true]);
  }, 60_000);
});

describe('a version that is made by the application', () => {
  it('a version that does not rise is refused, and the other requests of the batch are not', async () => {
    const { unitOfWork } = bakery.instance();
    const at = {
      needs: ({ id }: { id: string; position: number }) => ({ jar: one(JarByPosition, id) }),
      decide: ({ id, position }: { id: string; position: number }, { jar }: { jar: JarByPosition | undefined }) => ({
        answer: position,
        changes: [
          jar
            ? update(JarByPosition, jar, { beans: jar.beans + 1, position })
            : insert(JarByPosition, { id, beans: 1, position }),
        ],
      }),
    };
    await unitOfWork.request(at, { id: 'rye', position: 7 });
    const outcomes = await Promise.allSettled([
      unitOfWork.request(at, { id: 'spelt', position: 1 }),
      unitOfWork.request(at, { id: 'rye', position: 6 }),
      unitOfWork.request(at, { id: 'rye', position: 9 }),
    ]);
    expect(outcomes).toMatchObject([
      { value: 1 },
      { reason: expect.any(VersionNotRisingError) as unknown },
      { value: 9 },
    ]);
    expect(
      await bakery.one(
        `SELECT json_agg(json_build_array(id, beans, version) ORDER BY id) AS value FROM jar_by_position`,
      ),
    ).toEqual([
      ['rye', 2, 9],
      ['spelt', 1, 1],
    ]);
  });
});

describe('a version that PostgreSQL makes', () => {
  const Filled = event('kitchen', 'JarFilled', {
    key: 'jarId',
    summary: 'For the spec.',
    data: z.object({ jarId: z.uuid() }),
  });
  const JarWritten = effect<Jar>('jar written');
  const changeOf = (kind: Kind): RowChange<Jar> =>
    update(jarOf(kind), { id: 'rye', beans: 1, version: 1 }, { beans: 2 });

  it.each(['timestamp', 'hash'] as const)(
    'a version by %s is not known to an event or an effect of the decision',
    (kind) => {
      const name = jarOf(kind).name;
      expect(() => emit(Filled, { jarId: 'rye' }, { of: changeOf(kind) })).toThrow(
        `JarFilled carries the version of a changed ${name}, which PostgreSQL makes in the write (${kind}()), so that it is not known yet: leave out`,
      );
      expect(() => afterCommit(JarWritten, changeOf(kind))).toThrow(
        `jar written carries the version of a changed ${name}, which PostgreSQL makes in the write (${kind}()), so that it is not known yet: pass what the listeners need`,
      );
      expect(afterCommit(JarWritten, { id: 'rye', beans: 2, version: 0 })).toMatchObject({ change: 'effect' });
    },
  );

  it('a version that is custom is known to them', () => {
    expect(emit(Filled, { jarId: 'rye' }, { of: changeOf('custom') })).toMatchObject({ change: 'send' });
    expect(afterCommit(JarWritten, changeOf('custom'))).toMatchObject({ change: 'effect' });
  });

  it('a version by timestamp rises with a touch; a hash cannot, and an error says why', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(fill, { kind: 'timestamp', id: 'rye' });
    const before = await unitOfWork.request(look, { kind: 'timestamp', id: 'rye' });
    const touchIt = {
      needs: () => ({ jar: one(JarByTime, 'rye') }),
      decide: (_: unknown, { jar }: { jar: JarByTime | undefined }) => ({
        answer: undefined,
        changes: jar ? [touch(JarByTime, jar)] : [],
      }),
    };
    await unitOfWork.request(touchIt, undefined);
    const after = await unitOfWork.request(look, { kind: 'timestamp', id: 'rye' });
    expect(after).toMatchObject({ beans: 1 });
    expect(after?.version).toBeGreaterThan(before?.version ?? Infinity);
    expect(() => touch(JarByHash, { id: 'rye', beans: 1, lid: null, version: 1 })).toThrow(
      'JarByHash cannot be touched: its version is a hash, which changes with its columns only',
    );
  });

  it('a version by timestamp goes on when its row is removed and comes back, also within one batch', async () => {
    const { unitOfWork } = bakery.instance();
    const asked = { kind: 'timestamp', id: 'rye' } as const;
    await unitOfWork.request(fill, asked);
    const first = await unitOfWork.request(look, asked);
    const takeAway = {
      needs: () => ({ jar: one(JarByTime, 'rye') }),
      decide: (_: unknown, { jar }: { jar: JarByTime | undefined }) => ({
        answer: undefined,
        changes: jar ? [remove(JarByTime, jar)] : [],
      }),
    };
    await unitOfWork.request(takeAway, undefined);
    expect(await unitOfWork.request(look, asked)).toBeUndefined();
    await Promise.all([
      unitOfWork.request(fill, asked),
      unitOfWork.request(takeAway, undefined),
      unitOfWork.request(fill, asked),
    ]);
    const last = await unitOfWork.request(look, asked);
    expect(last).toMatchObject({ beans: 1 });
    expect(last?.version).toBeGreaterThan(first?.version ?? Infinity);
  });
});
