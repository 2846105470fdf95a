import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase } from '@backstep/testing';
import fc from 'fast-check';
import type pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { ASSERT_ROWS_SQL, insertPart, Tables, updatePart, Version, write, type Executor } from './index.js';

/**
 * Goal: a row is stored as it is, whatever its columns hold: quotes, braces, nothing, other scripts, the smallest and largest numbers.
 * Method: arbitrary rows, written and read on a real PostgreSQL, in one statement each.
 */
@Entity('thing')
class Thing {
  @PrimaryColumn('uuid') id!: string;
  @Column('text', { nullable: true }) text!: string | null;
  @Column('jsonb', { nullable: true }) document!: unknown;
  @Column('json', { nullable: true }) journal!: unknown;
  @Column('integer') count!: number;
  @Column('double precision', { nullable: true }) ratio!: number | null;
  @Column('boolean', { nullable: true }) open!: boolean | null;
  @Column('timestamptz', { nullable: true }) at!: Date | null;
  @Column('text', { array: true, nullable: true }) tags!: readonly (string | null)[] | null;
  @Column('bytea', { nullable: true }) raw!: Buffer | null;
  @Version() version!: number;
}

/** PostgreSQL refuses U+0000 in a text; a lone surrogate is no character. */
const text = fc
  .oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '{}', '{"a"}', 'NULL', 'null', "it's", '\\', '"', ',', '\\"', 'größer 🙂'),
  )
  .map((value) => value.replaceAll('\0', '').replace(/\p{Surrogate}/gu, ''));
/** JSON has no -0; `__proto__` is a key like any other. */
const json = fc.jsonValue({ maxDepth: 2 }).map(
  (value) =>
    JSON.parse(
      JSON.stringify(value)
        .replace(/\\u0000|\\ud[89a-f]../g, '')
        .replaceAll('-0', '0'),
    ) as unknown,
);
const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 5 });
const thing = fc.record({
  id: fc.constant('').map(() => randomUUID() as string),
  text: nullable(text),
  document: nullable(json),
  journal: nullable(json),
  count: fc.integer(),
  ratio: nullable(fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value))),
  open: nullable(fc.boolean()),
  at: nullable(fc.date({ min: new Date('0100-01-01'), max: new Date('9999-01-01'), noInvalidDate: true })),
  tags: nullable(fc.array(nullable(text), { maxLength: 4 })),
  raw: nullable(fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes))),
  version: fc.constant(1),
});

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let dataSource: DataSource;
let executor: Executor;
let tables: Tables;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${ASSERT_ROWS_SQL};
     CREATE TABLE thing (id uuid PRIMARY KEY, text text, document jsonb, journal json, count integer NOT NULL, ratio float8, open boolean,
       at timestamptz, tags text[], raw bytea, version integer NOT NULL)`,
  );
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities: [Thing] }).initialize();
  tables = new Tables(dataSource);
  executor = database.pool as unknown as Executor;
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

async function stored(rows: readonly Thing[]): Promise<unknown[]> {
  const { rows: found } = await (database.pool as pg.Pool).query<Thing>('SELECT * FROM thing WHERE id = ANY($1)', [
    rows.map(({ id }) => id),
  ]);
  const byId = new Map(found.map((row) => [row.id, row]));
  return rows.map(({ id }) => byId.get(id));
}

describe('a row', () => {
  it('a row of any content is stored as it is, inserted or updated, among others', async () => {
    const table = tables.of(Thing);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(thing, thing), { minLength: 1, maxLength: 5 }), async (pairs) => {
        const first = pairs.map(([row]) => row);
        await write(executor, [insertPart(table, first)]);
        expect(await stored(first)).toEqual(first);
        const second = pairs.map(([{ id }, row]) => ({ ...row, id, version: 2 }));
        await write(executor, [
          updatePart(
            table,
            second.map((row) => ({ row, expectedVersion: 1 })),
          ),
        ]);
        expect(await stored(second)).toEqual(second);
      }),
      { numRuns: 60 },
    );
  });
});
