import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Contended, locked, optimistic, Version } from '@backstep/concurrency';
import { waitUntil } from '@backstep/testing';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { LockedError, many, one, update, type UnitOfWork } from './index.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: `@Contended` on an entity says how its rows are taken, and so it is: locked, not waited for, optimistic, or by what conflicts of late.
 * Method: instances of their own on one PostgreSQL, and rivals whose transactions are open while the spec looks.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

@Entity('oven')
@Contended(locked({ wait: 1_500 }))
class Oven {
  @PrimaryColumn('text') id!: string;
  @Column('integer') uses!: number;
  @Version() version!: number;
}

@Entity('till')
@Contended(locked({ wait: 0 }))
class Till {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sales!: number;
  @Version() version!: number;
}

@Entity('poster')
@Contended(optimistic())
class Poster {
  @PrimaryColumn('text') id!: string;
  @Column('integer') prints!: number;
  @Version() version!: number;
}

const TABLES = `
  CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE oven (id text PRIMARY KEY, uses integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE tray (id text PRIMARY KEY, oven text NOT NULL REFERENCES oven);
  CREATE TABLE till (id text PRIMARY KEY, sales integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE poster (id text PRIMARY KEY, prints integer NOT NULL, version bigint NOT NULL);`;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Loaf, Oven, Till, Poster], TABLES);
});
afterAll(() => bakery.close());
afterEach(() => bakery.endRivals());
beforeEach(async () => {
  await bakery.database.pool.query(`
    TRUNCATE loaf, tray, oven, till, poster;
    INSERT INTO loaf SELECT 'loaf-' || n, 0, 1 FROM generate_series(0, 99) AS n;
    INSERT INTO oven VALUES ('stone', 0, 1); INSERT INTO till VALUES ('front', 0, 1); INSERT INTO poster VALUES ('rye', 0, 1);`);
});

const sell = {
  needs: (id: string) => ({ loaf: one(Loaf, id) }),
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => {
    if (!loaf) throw new Error('no such loaf');
    return { answer: loaf.sold + 1, changes: [update(Loaf, loaf, { sold: loaf.sold + 1 })] };
  },
};
const heat = {
  needs: (id: string) => ({ oven: one(Oven, id) }),
  decide: (_: string, { oven }: { oven: Oven | undefined }) => {
    if (!oven) throw new Error('no such oven');
    return { answer: oven.uses + 1, changes: [update(Oven, oven, { uses: oven.uses + 1 })] };
  },
};
const ring = {
  needs: (id: string) => ({ till: one(Till, id) }),
  decide: (_: string, { till }: { till: Till | undefined }) => {
    if (!till) throw new Error('no such till');
    return { answer: till.sales + 1, changes: [update(Till, till, { sales: till.sales + 1 })] };
  },
};
const print = {
  needs: (id: string) => ({ posters: many(Poster, [id]) }),
  decide: (_: string, { posters }: { posters: ReadonlyMap<string, Poster> }) => {
    const changes = [...posters.values()].map((poster) => update(Poster, poster, { prints: poster.prints + 1 }));
    return { answer: undefined, changes };
  },
};

describe('locked({ wait })', () => {
  it('a locked row is waited for, and what its holder left is what is decided from, in one attempt', async () => {
    const { unitOfWork, commits } = bakery.instance();
    const rival = await bakery.rival(`UPDATE oven SET uses = 7, version = version + 1`);
    const answer = unitOfWork.request(heat, 'stone');
    await bakery.waiting(1);
    await rival.commit();
    expect(await answer).toBe(8);
    expect(commits).toEqual([{ locked: true, attempts: 1 }]);
  });

  it('a row that is locked for a decision keeps nobody from inserting a row that refers to it', async () => {
    const { unitOfWork } = bakery.instance();
    // Tables are locked by name: the batch has the oven when it waits for the poster.
    const rival = await bakery.rival(`SELECT FROM poster FOR UPDATE`);
    const heated = unitOfWork.request(
      { ...heat, needs: (id: string) => ({ oven: one(Oven, id), poster: one(Poster, 'rye') }) },
      'stone',
    );
    await bakery.waiting(1);
    const child = await bakery.rival(`SET LOCAL lock_timeout = 500; INSERT INTO tray VALUES ('first', 'stone')`);
    await child.commit();
    await rival.commit();
    expect(await heated).toBe(1);
  });

  it('a request for a row that stays locked is refused as locked after the wait, and nothing of it is done', async () => {
    const { unitOfWork } = bakery.instance({ lockTimeoutMs: 100 });
    const rival = await bakery.rival(`SELECT FROM oven FOR UPDATE`);
    const began = performance.now();
    await expect(unitOfWork.request(heat, 'stone')).rejects.toMatchObject({
      name: 'LockedError',
      retryable: true,
      entity: 'Oven',
      key: 'stone',
    });
    expect(performance.now() - began).toBeGreaterThan(1_400);
    await rival.commit();
    expect(await unitOfWork.request(heat, 'stone')).toBe(1);
  });
});

describe('locked({ wait: 0 })', () => {
  it('a request for a held row is refused at once, and the others of its batch are answered', async () => {
    const { unitOfWork } = bakery.instance();
    await unitOfWork.request(ring, 'front');
    const rival = await bakery.rival(`SELECT FROM till FOR UPDATE`);
    const times: number[] = [];
    for (let n = 0; n < 5; n++) {
      const began = performance.now();
      const refused = expect(unitOfWork.request(ring, 'front')).rejects.toThrow(LockedError);
      const sold = unitOfWork.request(sell, 'loaf-1');
      await refused;
      times.push(performance.now() - began);
      expect(await sold).toBe(n + 1);
    }
    // The best of five: the machine may be busy, and a wait would make each of them late.
    expect(Math.min(...times)).toBeLessThan(50);
    await rival.commit();
    expect(await unitOfWork.request(ring, 'front')).toBe(2);
  });
});

/** When a row that is not locked by then never will be. How soon it is, `npm run bench -- adaptive` measures. */
const LOCKED_WITHIN_MS = 15_000;

describe('adaptive(), with four instances', () => {
  /** Everybody wants one row until `isEnough`. */
  async function hammer(instances: readonly { unitOfWork: UnitOfWork }[], isEnough: () => boolean): Promise<number> {
    let done = 0;
    const work = async (unitOfWork: UnitOfWork): Promise<void> => {
      while (!isEnough()) {
        await unitOfWork.request(sell, 'loaf-1');
        done++;
      }
    };
    await Promise.all(instances.flatMap(({ unitOfWork }) => [work(unitOfWork), work(unitOfWork)]));
    return done;
  }
  const isLocked = ({ unitOfWork }: { unitOfWork: UnitOfWork }): boolean =>
    unitOfWork.contention.hottest.some(({ key, strategy }) => key === 'loaf-1' && strategy === 'locked');

  it('a row that all want is locked by all instances, what is lost is decided again, and when the load is over the row is optimistic', async () => {
    const instances = Array.from({ length: 4 }, () => bakery.instance());
    const until = performance.now() + LOCKED_WITHIN_MS;
    let allLocked = false;
    const done = await hammer(instances, () => {
      allLocked ||= instances.every(isLocked);
      return allLocked || performance.now() > until;
    });
    expect(allLocked).toBe(true);
    expect(await bakery.one(`SELECT sold AS value FROM loaf WHERE id = 'loaf-1'`)).toBe(done);
    await waitUntil('nothing is locked any more', () => !instances.some(isLocked), 15_000);
    const [first] = instances;
    await first?.unitOfWork.request(sell, 'loaf-1');
    expect(first?.commits.at(-1)).toEqual({ locked: false, attempts: 1 });
  }, 40_000);

  it('a batch that wants a hot key locks what it reads, in the database', async () => {
    const instances = Array.from({ length: 4 }, () => bakery.instance());
    const began = performance.now();
    await hammer(instances, () => instances.every(isLocked) || performance.now() - began > 10_000);
    const [one] = instances;
    if (!one) throw new Error('there are four');
    const rival = await bakery.rival(`UPDATE loaf SET sold = 0, version = version + 1 WHERE id = 'loaf-1'`);
    const lost = one.conflicts.length;
    const answer = one.unitOfWork.request(sell, 'loaf-1');
    await bakery.waiting(1);
    const { rows } = await bakery.database.pool.query<{ query: string }>(
      `SELECT query FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    expect(rows[0]?.query).toContain('FOR NO KEY UPDATE');
    await rival.commit();
    expect(await answer).toBe(1);
    expect(one.conflicts.length).toBe(lost);
  }, 40_000);
});

it('a row of an optimistic entity is not locked by the read, however often it conflicts', async () => {
  const instances = Array.from({ length: 4 }, () => bakery.instance({ optimisticTries: 1_000 }));
  const until = performance.now() + 1_000;
  await Promise.all(
    instances.map(async ({ unitOfWork }) => {
      while (performance.now() < until) await unitOfWork.request(print, 'rye');
    }),
  );
  expect(instances.flatMap(({ conflicts }) => conflicts).length).toBeGreaterThan(20);
  expect(instances.flatMap(({ commits }) => commits).some(({ locked }) => locked)).toBe(false);
});
