import type { Executor } from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { violationsOf } from '../index.js';
import { bakeAndServe, wished } from '../testing/bakery.fixture.spec.js';
import { PostgresSagaStore, SAGA_MIGRATIONS } from './index.js';
import { aWish, baked, NOON, orchestrators, served } from './orchestrator.fixture.spec.js';

/**
 * Goal: a move of a saga costs the write-ahead log what it changes, and sagas of before the table was made for that go on as they were.
 * Method: PostgreSQL is asked what it has logged; rows of the version before go through the migration, and back.
 */
let system: Awaited<ReturnType<typeof orchestrators>>;
beforeAll(async () => {
  system = await orchestrators();
  await system.database.pool.query('CREATE EXTENSION pg_walinspect');
});
afterAll(() => system.close());
beforeEach(() => system.reset());

describe('what is logged of a move', () => {
  const UPDATES = `
    SELECT record_length::int AS bytes, block_fpi_length > 0 AS "afterCheckpoint" FROM pg_get_wal_block_info($1, pg_current_wal_flush_lsn(), false)
    WHERE relfilenode = pg_relation_filenode('saga_instance') AND reldatabase = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND block_id = 0 AND record_type LIKE '%UPDATE%'`;

  /**
   * The bytes of log that the first answer to a saga takes, and those of its row. PostgreSQL logs the first change of a page after a checkpoint
   * whole, and a database that another spec drops is a checkpoint: such records say nothing here, and six of them are asked again.
   */
  async function answered(topping: string): Promise<{ logged: number; row: number }> {
    const { pool } = system.database;
    const one = system.instance();
    const wishes = Array.from({ length: 6 }, () => wished({ topping }));
    await one.hear(...wishes);
    await one.told();
    const { rows: begun } = await pool.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    await one.hear(...wishes.map(({ subject }) => baked(system.last(subject))));
    const { rows } = await pool.query<{ bytes: number; afterCheckpoint: boolean }>(UPDATES, [begun[0]?.lsn]);
    const sizes = await pool.query<{ row: number }>(
      'SELECT max(pg_column_size(s.*))::int AS row FROM saga_instance AS s WHERE subject = ANY($1)',
      [wishes.map(({ subject }) => subject)],
    );
    expect(rows).toHaveLength(wishes.length);
    const plain = rows.filter(({ afterCheckpoint }) => !afterCheckpoint);
    if (plain.length === 0) return answered(topping);
    return { logged: Math.min(...plain.map(({ bytes }) => bytes)), row: sizes.rows[0]?.row ?? NaN };
  }

  it('the start event of a saga is logged when the saga begins, and not again with its moves', async () => {
    const short = await answered('c');
    const long = await answered('c'.repeat(600));
    expect(long.row - short.row).toBeGreaterThan(500);
    expect(long.logged - short.logged).toBeLessThan(20);
    expect(long.logged).toBeLessThan(long.row / 2);
  });

  it('a saga whose row is larger than what PostgreSQL would compress by itself is logged in part as well', async () => {
    const { logged, row } = await answered(Array.from({ length: 60 }, newId).join(' '));
    expect(row).toBeGreaterThan(2_500);
    expect(logged).toBeLessThan(row / 3);
  });
});

describe('sagas of the version before', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  const BEFORE = SAGA_MIGRATIONS.slice(0, -1);
  const dataSourceOf = (migrations: readonly (new () => object)[]) =>
    new DataSource({ type: 'postgres', url: database.url, migrations: [...UNIT_OF_WORK_MIGRATIONS, ...migrations] });

  /** A saga that waits for its second step, as it was stored. */
  function running() {
    const { subject, data: start } = wished();
    return {
      id: newId(),
      name: 'bake-and-serve',
      definitionVersion: 1,
      subject,
      start,
      startedAt: NOON,
      updatedAt: NOON + 5,
      deadlineAt: NOON + 600_000,
      steps: [
        {
          name: 'bake',
          kind: 'compensatable',
          state: 'done',
          armed: true,
          attempts: 1,
          sentAt: NOON,
          answeredAt: NOON + 5,
          answer: { cakeId: subject },
        },
        { name: 'serve', kind: 'retriable', state: 'sent', armed: false, attempts: 1, sentAt: NOON + 5 },
      ],
      status: 'RUNNING',
      awaiting: { step: 'serve', direction: 'forward', commandId: newId(), attempts: 1, dueAt: NOON + 10_000 },
    };
  }

  it('a saga of the version before is the same saga after the migration, and again when it is taken back', async () => {
    const before = await dataSourceOf(BEFORE).initialize();
    await before.runMigrations();
    const saga = running();
    const INSERT = `INSERT INTO saga_instance (id, name, subject, status, started_at, instance, traceparent, wake_at, failures, version)
      VALUES ($1, $2, $3, $4, $5, $6, 't', $7, 2, 7)`;
    const { id, name, subject, status, startedAt, awaiting } = saga;
    const values = [id, name, subject, status, startedAt, JSON.stringify(saga), awaiting.dueAt];
    await database.pool.query(INSERT, values);
    const [asItWas] = await before.query('SELECT * FROM saga_instance');
    await before.destroy();

    const after = await dataSourceOf(SAGA_MIGRATIONS).initialize();
    try {
      await after.runMigrations();
      const store = new PostgresSagaStore(database.pool as unknown as Executor);
      const found = await store.load(id);
      expect(found).toEqual({ instance: saga, version: 7 });
      expect(found && violationsOf(found.instance)).toEqual([]);
      expect(await store.dueSagas(awaiting.dueAt, 10)).toEqual([{ sagaId: id, subject, timerAt: awaiting.dueAt }]);
      await after.undoLastMigration();
      expect((await after.query('SELECT * FROM saga_instance'))[0]).toEqual(asItWas);
    } finally {
      await after.destroy();
    }
  });
});

describe('what is in a row', () => {
  it('what a column of the row says is not said again in its JSON, which begins with what a move changes', async () => {
    const one = system.instance();
    const wish = aWish();
    await one.hear(wish);
    await one.told();
    await one.hear(baked(system.last(wish.subject)));
    const { rows } = await system.database.pool.query<{ instance: string }>(
      'SELECT instance::text AS instance FROM saga_instance',
    );
    const names = Object.keys(JSON.parse(rows[0]?.instance ?? '{}') as object);
    expect(names).toEqual(['updatedAt', 'awaiting', 'journal', 'deadlineAt', 'definitionVersion', 'start']);
    await one.told();
    await one.hear(served(system.last(wish.subject)));
    const ended = await one.store.load(system.sagaOf(wish));
    expect(ended).toMatchObject({ instance: { status: 'COMPLETED', start: wish.data, subject: wish.subject } });
    expect(ended?.instance.steps.map(({ name }) => name)).toEqual(bakeAndServe(1).steps.map(({ name }) => name));
  });
});
