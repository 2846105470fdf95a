import { ASSERT_ROWS_SQL, Tables, Version, type Executor } from '@backstep/concurrency';
import { entityTag, versionOf } from '@backstep/problems';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { many, one, touch, update, UnitOfWork } from '@backstep/unit-of-work';
import { OutboxRelay } from '@backstep/outbox';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';

/**
 * Goal: whoever has an ETag of the whole is told when one of its parts is another by now.
 * Method: a basket whose lines are rows of their own; a line is changed, with a touch of the basket.
 */
@Entity('basket')
class Basket {
  @PrimaryColumn('text') id!: string;
  @Version() version!: number;
}
@Entity('basket_line')
class Line {
  @PrimaryColumn('text') id!: string;
  @Column('integer') quantity!: number;
  @Version() version!: number;
}

let database: TestDatabase;
let dataSource: DataSource;
let unitOfWork: UnitOfWork;
beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query(
    `${ASSERT_ROWS_SQL};
     CREATE TABLE basket (id text PRIMARY KEY, version bigint NOT NULL);
     CREATE TABLE basket_line (id text PRIMARY KEY, quantity integer NOT NULL, version bigint NOT NULL);
     INSERT INTO basket VALUES ('b', 3);
     INSERT INTO basket_line VALUES ('b/1', 1, 1), ('b/2', 1, 1)`,
  );
  const entities = [Basket, Line];
  dataSource = await new DataSource({ type: 'postgres', url: database.url, entities, poolSize: 1 }).initialize();
  const relay = new OutboxRelay(database.pool as unknown as Executor, { publish: () => Promise.resolve() });
  const environment = { tables: new Tables(dataSource), source: 'spec', shardOf: () => 0, now: Date.now };
  unitOfWork = new UnitOfWork(database.pool, environment, relay);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

interface Edit {
  readonly quantity: number;
  readonly ifMatch?: string;
}
interface Found {
  readonly basket: Basket | undefined;
  readonly lines: ReadonlyMap<string, Line>;
}
/** Sets the first line. The basket's ETag stands for all lines. */
const setLine = {
  needs: () => ({ basket: one(Basket, 'b'), lines: many(Line, ['b/1', 'b/2']) }),
  decide: ({ quantity, ifMatch }: Edit, { basket, lines }: Found) => {
    const line = lines.get('b/1');
    if (!basket || !line) throw new Error('there is no basket');
    const basis = versionOf(ifMatch);
    if (basis !== undefined && basis !== basket.version) return { answer: 'stale', changes: [] };
    return { answer: 'set', changes: [update(Line, line, { quantity }), touch(Basket, basket)] };
  },
};
const tag = async (): Promise<string> => {
  const { rows } = await database.pool.query<{ version: string }>('SELECT version FROM basket');
  return entityTag(Number(rows[0]?.version));
};

it('an ETag of the root is another once a row of its parts has changed with a touch, so a stale edit of any part is noticed', async () => {
  const before = await tag();
  expect(before).toBe('"v3"');
  expect(await unitOfWork.request(setLine, { quantity: 2, ifMatch: before })).toBe('set');
  expect(await tag()).toBe('"v4"');
  expect(await unitOfWork.request(setLine, { quantity: 9, ifMatch: before })).toBe('stale');
  // Two edits of one batch: the second one has another version below it.
  const both = [1, 2].map((more) => unitOfWork.request(setLine, { quantity: 2 + more, ifMatch: '"v4"' }));
  expect(await Promise.all(both)).toEqual(['set', 'stale']);
  expect(await tag()).toBe('"v5"');
  const { rows } = await database.pool.query('SELECT id, quantity FROM basket_line ORDER BY id');
  expect(rows).toEqual([
    { id: 'b/1', quantity: 3 },
    { id: 'b/2', quantity: 1 },
  ]);
});
