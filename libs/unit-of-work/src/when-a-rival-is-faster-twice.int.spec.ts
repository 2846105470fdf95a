import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Version } from '@backstep/concurrency';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { afterCommit, effect, one, update } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: a request whose row somebody else changes twice while it is decided is decided from what the last change has left, and what follows its
 * commit follows once.
 * Method: a connection that lets a rival in between the decision and the write, twice.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

const TABLES = `CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL)`;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Loaf], TABLES);
});
afterAll(() => bakery.close());
beforeEach(async () => {
  await bakery.database.pool.query(`TRUNCATE loaf; INSERT INTO loaf VALUES ('rye', 0, 1)`);
});

const Sold = effect<Loaf>('sold');

/** Sells one, and notes how many were sold before, each time that it decides. */
const selling = (seen: number[]) => ({
  needs: (id: string) => ({ loaf: one(Loaf, id) }),
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => {
    if (!loaf) throw new Error('no such loaf');
    seen.push(loaf.sold);
    const sold = update(Loaf, loaf, { sold: loaf.sold + 1 });
    return { answer: loaf.sold + 1, changes: [sold, afterCommit(Sold, sold)] };
  },
});

/** An instance whose first two writes come after a rival's. */
function overtakenTwice() {
  let writes = 0;
  class Overtaken extends pg.Client {
    override query = (async (config: pg.QueryConfig): Promise<unknown> => {
      if (config.text.startsWith('WITH ') && ++writes <= 2) {
        await bakery.database.pool.query('UPDATE loaf SET sold = sold + 10, version = version + 1');
      }
      return super.query(config);
    }) as unknown as pg.Client['query'];
  }
  return bakery.instance({ connection: { Client: Overtaken } });
}

it('a request that is overtaken twice reads and decides three times, and is answered from what the rivals have left', async () => {
  const { unitOfWork, commits, conflicts } = overtakenTwice();
  const seen: number[] = [];
  expect(await unitOfWork.request(selling(seen), 'rye')).toBe(21);
  expect(seen).toEqual([0, 10, 20]);
  expect(conflicts).toEqual(['RowsMismatchError', 'RowsMismatchError']);
  expect(commits).toEqual([{ locked: false, attempts: 3 }]);
  expect(await bakery.one(`SELECT row_to_json(loaf) AS value FROM loaf`)).toEqual({ id: 'rye', sold: 21, version: 4 });
});

it('a request that is overtaken twice has its effect once, by the attempt that was committed', async () => {
  const { unitOfWork } = overtakenTwice();
  const heard: Loaf[] = [];
  unitOfWork.on(Sold, (loaves) => heard.push(...loaves));
  await unitOfWork.request(selling([]), 'rye');
  expect(heard).toMatchObject([{ id: 'rye', sold: 21, version: 4 }]);
});
