import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Removed, Version } from '@backstep/concurrency';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { insert, one, remove, update } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: a row that is removed and inserted again is not taken for the row that it was: its version counts on.
 * Method: one instance removes and inserts while another, or a writer of old, still has the first row's version.
 */
@Entity('label')
class Label {
  @PrimaryColumn('text') loaf!: string;
  @Column('integer') grams!: number;
  @Removed({ name: 'removed_at' }) removedAt?: Date | null;
  @Version() version!: number;
}

/** Its rows cannot be removed. */
@Entity('recipe')
class Recipe {
  @PrimaryColumn('text') loaf!: string;
  @Version() version!: number;
}

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn(
    [Label, Recipe],
    `CREATE TABLE label (loaf text PRIMARY KEY, grams integer NOT NULL, removed_at timestamptz, version bigint NOT NULL);
     CREATE TABLE recipe (loaf text PRIMARY KEY, version bigint NOT NULL)`,
  );
});
afterAll(() => bakery.close());
beforeEach(() => bakery.database.pool.query('TRUNCATE label, recipe'));

interface Found {
  readonly label: Label | undefined;
}
interface Asked {
  readonly loaf: string;
  readonly grams?: number;
}
const needs = ({ loaf }: Asked) => ({ label: one(Label, loaf) });
const write = {
  needs,
  decide: ({ loaf, grams = 0 }: Asked, { label }: Found) => ({
    answer: (label?.version ?? 0) + 1,
    changes: [label ? update(Label, label, { grams }) : insert(Label, { loaf, grams })],
  }),
};
const takeAway = {
  needs,
  decide: (_: Asked, { label }: Found) => ({ answer: undefined, changes: label ? [remove(Label, label)] : [] }),
};
const look = { needs, decide: (_: Asked, { label }: Found) => ({ answer: label, changes: [] }) };

/** The write of somebody who has read the version that he expects. */
const writeAt = async (version: number): Promise<number> =>
  (
    await bakery.database.pool.query(
      `UPDATE label SET grams = 1, version = version + 1 WHERE loaf = 'rye' AND version = $1`,
      [version],
    )
  ).rowCount ?? 0;
const stored = () =>
  bakery.one(
    `SELECT json_build_object('grams', grams, 'version', version, 'there', removed_at IS NULL) AS value FROM label`,
  );

describe('a row that is removed and inserted again', () => {
  it('a row that comes back has a version above all that it ever had: who has read the first row does not write over the second', async () => {
    const [one, other] = [bakery.instance().unitOfWork, bakery.instance().unitOfWork];
    await one.request(write, { loaf: 'rye', grams: 300 });
    await one.request(write, { loaf: 'rye', grams: 310 });
    await one.request(takeAway, { loaf: 'rye' });
    expect(await stored()).toEqual({ grams: 310, version: 3, there: false });
    await other.request(write, { loaf: 'rye', grams: 400 });
    await other.request(write, { loaf: 'rye', grams: 410 });
    expect(await writeAt(2)).toBe(0);
    expect(await stored()).toEqual({ grams: 410, version: 5, there: true });
  });

  it('a removed row is not there, and can be inserted and removed within one batch', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(write, { loaf: 'rye', grams: 300 });
    await unitOfWork.request(takeAway, { loaf: 'rye' });
    expect(await unitOfWork.request(look, { loaf: 'rye' })).toBeUndefined();
    await Promise.all([
      unitOfWork.request(write, { loaf: 'rye', grams: 1 }),
      unitOfWork.request(takeAway, { loaf: 'rye' }),
      unitOfWork.request(write, { loaf: 'rye', grams: 2 }),
      unitOfWork.request(takeAway, { loaf: 'rye' }),
    ]);
    expect(await stored()).toMatchObject({ there: false });
    await unitOfWork.request(write, { loaf: 'rye', grams: 3 });
    expect(await unitOfWork.request(look, { loaf: 'rye' })).toMatchObject({ grams: 3, removedAt: null });
  });

  it('a removed row is found by an instance that takes it for absent, as so many were before', async () => {
    const [one, other] = [bakery.instance().unitOfWork, bakery.instance().unitOfWork];
    for (let n = 0; n < 5; n++) await one.request(write, { loaf: `loaf ${n}`, grams: 1 });
    await other.request(write, { loaf: 'rye', grams: 300 });
    await other.request(takeAway, { loaf: 'rye' });
    expect(await one.request(write, { loaf: 'rye', grams: 310 })).toBe(1);
    const version = await bakery.one(`SELECT version::int AS value FROM label WHERE loaf = 'rye'`);
    expect(version).toBe(3);
  });
});

it('a row without a column for it cannot be removed, and an error says why', async () => {
  const { unitOfWork } = bakery.instance();
  await bakery.database.pool.query(`INSERT INTO recipe VALUES ('rye', 1)`);
  const forget = {
    needs: (loaf: string) => ({ recipe: one(Recipe, loaf) }),
    decide: (_: string, { recipe }: { recipe: Recipe | undefined }) => ({
      answer: undefined,
      changes: recipe ? [remove(Recipe, recipe)] : [],
    }),
  };
  await expect(unitOfWork.request(forget, 'rye')).rejects.toThrow('Recipe cannot be removed');
  expect(await bakery.one('SELECT count(*)::int AS value FROM recipe')).toBe(1);
});
