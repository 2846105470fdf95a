import { Remembered, Version } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { insert, one, update } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: a time that PostgreSQL sets (`now`) is remembered as the time that it has set, so that a row with one needs no read either.
 * Method: an instance whose statements are counted bakes a loaf, sells it and shows it; what it shows is compared with the table.
 */
@Entity('loaf')
@Remembered()
class Loaf {
  @PrimaryColumn('uuid') id!: string;
  @Column('timestamptz', { name: 'baked_at' }) bakedAt!: Date | 'now';
  @Column('timestamptz', { name: 'sold_at', nullable: true }) soldAt!: Date | 'now' | null;
  @Column('text', { nullable: true }) guest!: string | null;
  @Version() version!: number;
}

const TABLE = `CREATE TABLE loaf (id uuid PRIMARY KEY, baked_at timestamptz NOT NULL, sold_at timestamptz, guest text, version bigint NOT NULL)`;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Loaf], TABLE);
});
afterAll(() => bakery.close());

/** An instance, and the statements that it has sent. */
function counted() {
  const statements: string[] = [];
  class Counting extends pg.Client {
    constructor(config?: pg.ClientConfig) {
      super(config);
      const { query } = this;
      this.query = ((asked: string | pg.QueryConfig, ...rest: unknown[]) => {
        statements.push(typeof asked === 'string' ? asked : asked.text);
        return query.apply(this, [asked, ...rest] as never);
      }) as typeof query;
    }
  }
  return { ...bakery.instance({ connection: { Client: Counting } }), statements };
}

const needs = (id: string) => ({ loaf: one(Loaf, id) });
const there = (loaf: Loaf | undefined): Loaf => {
  if (!loaf) throw new Error('no such loaf');
  return loaf;
};
const bake = {
  needs,
  decide: (id: string) => ({
    answer: id,
    changes: [insert(Loaf, { id, bakedAt: 'now' as const, soldAt: null, guest: null })],
  }),
};
const sell = {
  needs,
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => ({
    answer: undefined,
    changes: [update(Loaf, there(loaf), { soldAt: 'now', guest: 'Ada' })],
  }),
};
const show = {
  needs,
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => ({ answer: there(loaf), changes: [] }),
};

it('a row that is written with the time of its write is not read again, and has that time', async () => {
  const { unitOfWork, statements } = counted();
  // The first ones look for the row, which is then taken for absent.
  for (let n = 0; n < 3; n++) await unitOfWork.request(bake, newId());
  const id = await unitOfWork.request(bake, newId());
  const inTheTable = async () =>
    (
      await bakery.database.pool.query<Loaf>(
        'SELECT baked_at AS "bakedAt", sold_at AS "soldAt" FROM loaf WHERE id = $1',
        [id],
      )
    ).rows[0];
  statements.length = 0;
  const baked = await inTheTable();
  expect(await unitOfWork.request(show, id)).toMatchObject({ ...baked, version: 1 });
  await unitOfWork.request(sell, id);
  const sold = await inTheTable();
  expect(sold?.bakedAt).toEqual(baked?.bakedAt);
  expect(await unitOfWork.request(show, id)).toMatchObject({ ...sold, version: 2, guest: 'Ada' });
  expect(statements.map((text) => text.slice(0, 4))).toEqual(['WITH', 'WITH', 'WITH']);
});
