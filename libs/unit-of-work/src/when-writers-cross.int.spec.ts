import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Removed, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { insert, many, remove, update, type UnitOfWork } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: writers that want the same rows in different sequences wait for each other and never in a circle, whichever strategy each has.
 * Method: four instances, each with connections of its own, write rows of three tables in sequences drawn by lot; PostgreSQL counts deadlocks.
 */
@Entity('shelf')
class Shelf {
  @PrimaryColumn('text') name!: string;
  @Column('integer') writes!: number;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version() version!: number;
}

/** Its keys are ordered otherwise as numbers than as text. */
@Entity('tray')
class Tray {
  @PrimaryColumn('integer') place!: number;
  @Column('integer') writes!: number;
  @Version() version!: number;
}

@Entity('oven')
class Oven {
  @PrimaryColumn('uuid') id!: string;
  @Column('integer') writes!: number;
  @Version() version!: number;
}

const KEYS = 8;
const numbers = Array.from({ length: KEYS }, (_, n) => n);
const names = numbers.map((n) => `${n % 2 === 0 ? 'b' : 'B'}${n}`);
const places = numbers.map((n) => String(2 + 3 * n));
const ids = numbers.map((n) => `0000000${n}-0000-4000-8000-000000000000`);

const TABLES = `
  CREATE TABLE shelf (name text PRIMARY KEY, writes integer NOT NULL, removed_at timestamptz, version bigint NOT NULL);
  CREATE TABLE tray (place integer PRIMARY KEY, writes integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE oven (id uuid PRIMARY KEY, writes integer NOT NULL, version bigint NOT NULL);`;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Shelf, Tray, Oven], TABLES);
});
afterAll(() => bakery.close());

const shuffled = <T>(items: readonly T[]): T[] =>
  items
    .map((item) => [Math.random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
const some = (keys: readonly string[]): string[] => shuffled(keys).slice(0, KEYS / 2);

interface Stored {
  readonly shelves: ReadonlyMap<string, Shelf>;
  readonly trays: ReadonlyMap<string, Tray>;
  readonly ovens: ReadonlyMap<string, Oven>;
}

/** Half of the rows of each table, in a sequence drawn by lot. */
function drawn() {
  const needs = { shelves: many(Shelf, some(names)), trays: many(Tray, some(places)), ovens: many(Oven, some(ids)) };
  return Object.fromEntries(shuffled(Object.entries(needs))) as typeof needs;
}

const writeAll = {
  needs: (asked: ReturnType<typeof drawn>) => asked,
  decide: (_: unknown, { shelves, trays, ovens }: Stored) => ({
    answer: undefined,
    changes: [
      ...[...trays.values()].map((row) => update(Tray, row, { writes: row.writes + 1 })),
      ...[...shelves.values()].map((row) => update(Shelf, row, { writes: row.writes + 1 })),
      ...[...ovens.values()].map((row) => update(Oven, row, { writes: row.writes + 1 })),
    ],
  }),
};

/** Every other one goes, the rest is written; what is not there comes. */
const replace = {
  needs: (asked: readonly string[]) => ({ shelves: many(Shelf, asked) }),
  decide: (asked: readonly string[], { shelves }: Pick<Stored, 'shelves'>) => ({
    answer: undefined,
    changes: asked.map((name, n) => {
      const row = shelves.get(name);
      if (!row) return insert(Shelf, { name, writes: 0 });
      return n % 2 === 0 ? remove(Shelf, row) : update(Shelf, row, { writes: row.writes + 1 });
    }),
  }),
};

async function filled(): Promise<void> {
  const { pool } = bakery.database;
  await pool.query(`TRUNCATE shelf, tray, oven`);
  await pool.query(`INSERT INTO shelf SELECT unnest($1::text[]), 0, NULL, 1`, [shuffled(names)]);
  await pool.query(`INSERT INTO tray SELECT unnest($1::integer[]), 0, 1`, [shuffled(places)]);
  await pool.query(`INSERT INTO oven SELECT unnest($1::uuid[]), 0, 1`, [shuffled(ids)]);
}

const deadlocks = (): Promise<number> =>
  bakery.one('SELECT deadlocks::int AS value FROM pg_stat_database WHERE datname = current_database()');

/** Runs `round` again and again with four instances at once. @returns how many deadlocks PostgreSQL has seen meanwhile. */
async function withFour(
  triesOf: (n: number) => number,
  round: (unitOfWork: UnitOfWork) => Promise<unknown>,
): Promise<number> {
  const before = await deadlocks();
  const work = async (_: unknown, n: number): Promise<void> => {
    const { unitOfWork, close } = bakery.instance({ optimisticTries: triesOf(n) });
    for (let at = 0; at < ROUNDS; at++) await round(unitOfWork);
    await close();
  };
  await Promise.all(Array.from({ length: 4 }, work));
  return (await deadlocks()) - before;
}

const ROUNDS = 60;
const NEVER = 1_000;

it.each<[string, (n: number) => number]>([
  ['none of which locks what it reads', () => NEVER],
  ['two of which lock what they read', (n) => (n < 2 ? 0 : NEVER)],
])('four instances, %s, write rows of three tables in any order without a deadlock', async (_, tries) => {
  await filled();
  expect(await withFour(tries, (unitOfWork) => unitOfWork.request(writeAll, drawn()))).toBe(0);
  const sums = ['shelf', 'tray', 'oven'].map((table) => `(SELECT sum(writes) FROM ${table})`).join(' + ');
  expect(await bakery.one(`SELECT (${sums})::int AS value`)).toBe(4 * ROUNDS * 3 * (KEYS / 2));
});

it('four instances insert, write and remove rows of one table in any order without a deadlock', async () => {
  await filled();
  expect(
    await withFour(
      () => NEVER,
      (unitOfWork) => unitOfWork.request(replace, some(names)),
    ),
  ).toBe(0);
});
