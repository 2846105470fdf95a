import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { Contended, locked, Version } from '@backstep/concurrency';
import { UNIT_OF_WORK_MIGRATIONS } from './index.js';
import pg from 'pg';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import {
  classOf,
  ContentionBoard,
  one,
  preparedExecutor,
  ratioOf,
  statusOf,
  sumOfReports,
  update,
  waitOf,
} from './index.js';
import { CONTENTION_REPORT_SQL } from './contention/board.js';
import { instancesOn } from './instances.fixture.spec.js';

/**
 * Goal: what the meter says is what has happened: conflicts, waits for locks, of one instance and of all.
 * Method: loads whose conflicts the spec makes itself, on a real PostgreSQL.
 */
@Entity('loaf')
class Loaf {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sold!: number;
  @Version() version!: number;
}

@Entity('oven')
@Contended(locked())
class Oven {
  @PrimaryColumn('text') id!: string;
  @Column('integer') uses!: number;
  @Version() version!: number;
}

const TABLES = `
  CREATE TABLE loaf (id text PRIMARY KEY, sold integer NOT NULL, version bigint NOT NULL);
  CREATE TABLE oven (id text PRIMARY KEY, uses integer NOT NULL, version bigint NOT NULL);`;

let bakery: Awaited<ReturnType<typeof instancesOn>>;
beforeAll(async () => {
  bakery = await instancesOn([Loaf, Oven], TABLES + CONTENTION_REPORT_SQL);
});
afterAll(() => bakery.close());
afterEach(() => bakery.endRivals());
beforeEach(async () => {
  await bakery.database.pool.query(`
    TRUNCATE loaf, oven, contention_report;
    INSERT INTO loaf SELECT 'loaf-' || n, 0, 1 FROM generate_series(0, 99) AS n;
    INSERT INTO oven VALUES ('stone', 0, 1)`);
});

const sell = {
  needs: (id: string) => ({ loaf: one(Loaf, id) }),
  decide: (_: string, { loaf }: { loaf: Loaf | undefined }) => {
    if (!loaf) throw new Error('no such loaf');
    return { answer: undefined, changes: [update(Loaf, loaf, { sold: loaf.sold + 1 })] };
  },
};
const heat = {
  needs: (id: string) => ({ oven: one(Oven, id) }),
  decide: (_: string, { oven }: { oven: Oven | undefined }) => {
    if (!oven) throw new Error('no such oven');
    return { answer: undefined, changes: [update(Oven, oven, { uses: oven.uses + 1 })] };
  },
};

/** An instance whose every tenth write finds that somebody has changed the row. */
function overtaken() {
  let writes = 0;
  class Overtaken extends pg.Client {
    override query = (async (config: pg.QueryConfig): Promise<unknown> => {
      if (config.text.startsWith('WITH ') && ++writes % 10 === 0) {
        await bakery.database.pool.query('UPDATE loaf SET version = version + 1');
      }
      return super.query(config);
    }) as unknown as pg.Client['query'];
  }
  return bakery.instance({ connection: { Client: Overtaken } });
}

/** An instance that loses every other attempt to somebody else: one that changes the row after it is read, or before, where that locks it. */
function fought() {
  let reads = 0;
  let due = false;
  class Fought extends pg.Client {
    override query = (async (config: pg.QueryConfig | string): Promise<unknown> => {
      const text = typeof config === 'string' ? config : config.text;
      if (text.startsWith('SELECT')) due = ++reads % 2 === 0;
      if (due && (text.startsWith('WITH ') || text.includes('FOR NO KEY UPDATE'))) {
        due = false;
        await bakery.database.pool.query('UPDATE loaf SET version = version + 1');
      }
      return super.query(config as pg.QueryConfig);
    }) as unknown as pg.Client['query'];
  }
  return bakery.instance({ connection: { Client: Fought } });
}

const boardOf = ({ unitOfWork }: ReturnType<typeof fought>, name: string): ContentionBoard =>
  new ContentionBoard(preparedExecutor(bakery.database.pool), name, () => unitOfWork.contention);

it('a load of which every tenth write is overtaken is measured at ten per cent, and as elevated when it is more', async () => {
  const { unitOfWork, conflicts } = overtaken();
  for (let n = 0; n < 200; n++) await unitOfWork.request(sell, `loaf-${n % 100}`);
  const [loaf] = unitOfWork.contention.entities;
  expect(loaf).toMatchObject({ entity: 'Loaf', minute: { conflicts: conflicts.length } });
  if (!loaf) throw new Error('nothing is measured');
  expect(loaf.minute.attempts).toBe(200 + conflicts.length);
  expect(Math.abs(ratioOf(loaf.minute) - 0.1)).toBeLessThan(0.02);
  expect(statusOf(loaf.minute)).toBe('normal');
  const sum = (of: 'attempts' | 'lost'): number => loaf.series.reduce((so, slot) => so + slot[of], 0);
  expect([sum('attempts'), sum('lost')]).toEqual([loaf.minute.attempts, conflicts.length]);
});

it('the wait for a lock is measured as long as the row was held', async () => {
  const { unitOfWork } = bakery.instance();
  await unitOfWork.request(heat, 'stone');
  const before = unitOfWork.contention.entities[0]?.minute.lockWaitMs ?? NaN;
  const rival = await bakery.rival('SELECT FROM oven FOR UPDATE');
  const began = performance.now();
  const heated = unitOfWork.request(heat, 'stone');
  await bakery.waiting(1);
  await bakery.one(`SELECT pg_sleep(1)::text AS value`);
  const held = performance.now() - began;
  await rival.commit();
  await heated;
  const [oven] = unitOfWork.contention.entities;
  expect(oven).toMatchObject({ entity: 'Oven', minute: { attempts: 2, conflicts: 0 } });
  const waited = (oven?.minute.lockWaitMs ?? NaN) - before;
  expect(waited / held).toBeGreaterThan(0.8);
  expect(waited / held).toBeLessThan(1.2);
  const [half = NaN, nearlyAll = NaN] = [0.5, 0.99].map((share) => waitOf(oven?.lockWaits ?? [], share) ?? NaN);
  expect(nearlyAll).toBeGreaterThanOrEqual(held);
  expect(half).toBeLessThan(held);
});

it('a key that is locked for its conflicts is told with what was measured, by any instance, and still when the one that decided is gone', async () => {
  const one = fought();
  for (let sold = 0; !one.switches.includes('locked'); sold++) {
    expect(sold).toBeLessThan(500);
    await one.unitOfWork.request(sell, 'loaf-1');
  }
  await boardOf(one, 'one').tell();
  const other = bakery.instance();
  await other.unitOfWork.request(sell, 'loaf-2');
  const { report } = await boardOf(other, 'other').ofAll();
  const why = { rule: 'conflicts', threshold: 0.15, previous: 'optimistic' };
  expect(report.hottest).toMatchObject([{ entity: 'Loaf', key: 'loaf-1', strategy: 'locked', why }]);
  const [decision] = report.decisions;
  expect(decision).toMatchObject({ entity: 'Loaf', key: 'loaf-1', from: 'optimistic', to: 'locked', why });
  expect(decision?.why.measured).toBeGreaterThan(0.15);
  expect(decision?.why.attempts).toBeGreaterThanOrEqual(20);
  expect(decision?.at).toBe(report.hottest[0]?.since);
  const attempts = report.hottest[0]?.series.reduce((sum, slot) => sum + slot.attempts, 0) ?? 0;
  expect(attempts).toBeGreaterThanOrEqual(decision?.why.attempts ?? NaN);

  await bakery.database.pool.query(`UPDATE contention_report SET at = now() - interval '20 minutes'`);
  const later = await boardOf(other, 'other').ofAll();
  expect(later).toMatchObject({ instances: 1, report: { hottest: [], decisions: [{ key: 'loaf-1', to: 'locked' }] } });
  expect(later.report.entities).toMatchObject([{ entity: 'Loaf', minute: { attempts: 1, conflicts: 0 } }]);
});

it('what two instances have counted adds up, wherever it is asked for', async () => {
  const [one, two] = [overtaken(), overtaken()];
  for (let n = 0; n < 60; n++) await one.unitOfWork.request(sell, `loaf-${n}`);
  for (let n = 0; n < 40; n++) await two.unitOfWork.request(sell, `loaf-${n}`);
  const executor = preparedExecutor(bakery.database.pool);
  const boards = [one, two].map(
    ({ unitOfWork }, n) => new ContentionBoard(executor, `instance-${n}`, () => unitOfWork.contention),
  );
  for (const board of boards) await board.tell();
  for (const board of boards) await board.tell();
  for (const board of boards) {
    const { instances, report } = await board.ofAll();
    expect(instances).toBe(2);
    expect(report.entities[0]?.minute.attempts).toBe(100 + one.conflicts.length + two.conflicts.length);
  }
  expect(await bakery.one('SELECT count(*)::int AS value FROM contention_report')).toBe(2);
});

it('an instance that has told nothing for a while is not counted, and later its row is deleted', async () => {
  const { unitOfWork } = bakery.instance();
  await unitOfWork.request(sell, 'loaf-1');
  await bakery.database.pool.query(`
    INSERT INTO contention_report SELECT 'ended-' || n, now() - n * interval '6 minutes', '{"entities":[],"hottest":[]}'
    FROM generate_series(1, 20) AS n`);
  const board = new ContentionBoard(preparedExecutor(bakery.database.pool), 'this', () => unitOfWork.contention);
  expect((await board.ofAll()).instances).toBe(1);
  await board.tell();
  expect(await bakery.one('SELECT count(*)::int AS value FROM contention_report')).toBeLessThanOrEqual(10);
});

it('an instance that has written nothing tells nothing', async () => {
  const { unitOfWork } = bakery.instance();
  await new ContentionBoard(preparedExecutor(bakery.database.pool), 'this', () => unitOfWork.contention).tell();
  expect(await bakery.one('SELECT count(*)::int AS value FROM contention_report')).toBe(0);
});

const counted = (attempts: number, conflicts: number) => ({
  attempts,
  conflicts,
  deadlocks: 0,
  lockTimeouts: 0,
  gaveUp: 0,
  lockWaitMs: 0,
});

it.each([
  [1, 1, 'idle'],
  [99, 50, 'idle'],
  [1_000, 50, 'normal'],
  [1_000, 100, 'normal'],
  [1_000, 120, 'elevated'],
  [1_000, 250, 'high'],
])('of %i attempts a minute %i that are lost are %s', (attempts, conflicts, status) => {
  expect(statusOf(counted(attempts, conflicts))).toBe(status);
});

it.each([
  ['low', counted(1_000, 40), counted(100, 4)],
  ['medium', counted(1_000, 100), counted(100, 10)],
  ['high', counted(1_000, 250), counted(100, 25)],
  ['burst', counted(1_000, 50), counted(100, 25)],
  ['low', counted(1_000, 1), counted(2, 1)],
])('an entity is %s by its minute and its last five seconds', (name, minute, burst) => {
  expect(classOf({ minute, burst })).toBe(name);
});

it('reports add up by entity, and name a key once, as the instance says that locks it', () => {
  const series = [{ at: 5_000, attempts: 10, lost: 1, locked: 3 }];
  const hot = { entity: 'Loaf', key: 'rye', forMs: 5, since: 7_000, why: null, series };
  const entity = { entity: 'Loaf', minute: counted(10, 1), burst: counted(5, 1), series, lockWaits: [1, 0] };
  const sum = sumOfReports([
    { entities: [entity], hottest: [{ ...hot, strategy: 'optimistic', share: 0.4 }], decisions: [] },
    { entities: [entity], hottest: [{ ...hot, strategy: 'locked', share: null }], decisions: [] },
  ]);
  const both = [{ at: 5_000, attempts: 20, lost: 2, locked: 6 }];
  expect(sum.entities).toEqual([
    { entity: 'Loaf', minute: counted(20, 2), burst: counted(10, 2), series: both, lockWaits: [2, 0] },
  ]);
  expect(sum.hottest).toEqual([{ ...hot, strategy: 'locked', share: null, series: both }]);
});

it('a report of an instance that runs an older program adds up, without what that does not tell', () => {
  const sum = sumOfReports(
    [
      {
        entities: [{ entity: 'Loaf', minute: counted(10, 1), burst: counted(5, 1) }],
        hottest: [{ entity: 'Loaf', key: 'rye', forMs: 5, strategy: 'locked', share: null }],
      },
    ],
    1_000,
  );
  expect(sum).toMatchObject({
    entities: [{ minute: counted(10, 1), series: [], lockWaits: [] }],
    hottest: [{ key: 'rye', since: 995, why: null, series: [] }],
    decisions: [],
  });
});

it('the table of reports is made by a migration, and taken back by it', async () => {
  const { url } = bakery.database;
  const own = await new DataSource({ type: 'postgres', url, schema: 'public', migrations: [] }).initialize();
  const Migration = UNIT_OF_WORK_MIGRATIONS.find(({ name }) => name.startsWith('ContentionReports'));
  if (!Migration) throw new Error('there is no such migration');
  const runner = own.createQueryRunner();
  await new Migration().down(runner);
  await new Migration().up(runner);
  await runner.release();
  await own.destroy();
  expect(await bakery.one(`SELECT count(*)::int AS value FROM contention_report`)).toBe(0);
});
