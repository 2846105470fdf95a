import { COUNT_VERSION_SQL, countVersionsSql, Tables, type Executor } from '@backstep/concurrency';
import { NAMED_LOCKS_SQL } from '@backstep/locks';
import { newId } from '@backstep/messages';
import { OutboxRelay } from '@backstep/outbox';
import { createTestDatabase } from '@backstep/testing';
import {
  DEFAULT_LIMITS,
  HOT_PATH_SETTINGS,
  UNIT_OF_WORK_SQL,
  UnitOfWork,
  type UnitOfWorkLimits,
} from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { EVERYBODY, Lane, lane, LANE_ENTITIES, LANES_SQL, type LaneLimits, type LaneOwner } from './index.js';
import { Jar, JARS_SQL, move, Moved, type Move } from './jars.fixture.spec.js';

export const COINS = 1_000;

export interface Options extends Partial<LaneLimits> {
  readonly owner?: LaneOwner;
  readonly unitOfWork?: Partial<UnitOfWorkLimits>;
}

export interface Instance {
  readonly unitOfWork: UnitOfWork;
  readonly lane: Lane<Move, { left: number }>;
  /** Keys of entries that could not be applied, with the names of their errors. */
  readonly failures: [key: string, error: string][];
  close(): Promise<void>;
}

/** What the specs of lanes share (no spec itself): a real PostgreSQL with jars, and instances that share nothing but it. */
export async function jarsAndLanes() {
  const database = await createTestDatabase();
  const counted = countVersionsSql({ table: 'lane_entry', key: 'key' });
  await database.pool.query(
    [UNIT_OF_WORK_SQL, COUNT_VERSION_SQL, NAMED_LOCKS_SQL, LANES_SQL, counted, JARS_SQL].join(';'),
  );
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [Jar, Moved, ...LANE_ENTITIES],
    poolSize: 1,
  }).initialize();
  const instances = new Set<Instance>();
  const rows = async <R>(text: string, values: unknown[] = []): Promise<R[]> =>
    (await database.pool.query(text, values)).rows as R[];

  /** An instance whose worker runs only when the spec says so: `lane.worker.poll()`. */
  function instance({ owner = EVERYBODY, unitOfWork: limits, ...laneLimits }: Options = {}): Instance {
    const pool = new pg.Pool({
      connectionString: database.url,
      max: 4,
      options: `${HOT_PATH_SETTINGS} -c lock_timeout=300`,
    });
    pool.on('error', () => undefined);
    const executor = pool as unknown as Executor;
    const relay = new OutboxRelay(executor, { publish: () => Promise.resolve() });
    const environment = { tables: new Tables(dataSource), source: 'spec', shardOf: () => 0, now: Date.now };
    const unitOfWork = new UnitOfWork(pool, environment, relay, { ...DEFAULT_LIMITS, conflictsMax: 1_000, ...limits });
    const failures: [string, string][] = [];
    const observer = { failed: (key: string, error: unknown) => void failures.push([key, (error as Error).name]) };
    const made: Instance = {
      unitOfWork,
      lane: new Lane(lane('moves', move, laneLimits), { unitOfWork, executor, owner, observer }),
      failures,
      close: async () => {
        instances.delete(made);
        await made.lane.worker.stop();
        unitOfWork.stopWaiting();
        await unitOfWork.idle();
        await relay.stop(0);
        await pool.end();
      },
    };
    instances.add(made);
    return made;
  }

  return {
    database,
    instance,
    rows,
    /** Empties the tables, and fills jars of these names with `COINS` each. */
    async reset(...names: readonly string[]): Promise<void> {
      await database.pool.query('TRUNCATE jar, moved, lane_entry, named_lock');
      await database.pool.query('INSERT INTO jar SELECT unnest($1::text[]), $2, 0, 1', [names, COINS]);
    },
    async coins(): Promise<Record<string, number>> {
      const jars = await rows<{ name: string; coins: number }>('SELECT name, coins FROM jar ORDER BY name');
      return Object.fromEntries(jars.map(({ name, coins }) => [name, coins]));
    },
    states: async (): Promise<string[]> =>
      (await rows<{ state: string }>('SELECT state FROM lane_entry ORDER BY seq')).map(({ state }) => state),
    async closeInstances(): Promise<void> {
      for (const open of [...instances]) await open.close();
    },
    async close(): Promise<void> {
      for (const open of [...instances]) await open.close();
      await dataSource.destroy();
      await database.drop();
    },
  };
}

/** A move with an id that ends in 0: see `rowsOf`. */
export const aMove = (from: string, to: string, coins = 1): Move => ({
  id: `${newId().slice(0, -1)}0`,
  from,
  to,
  coins,
});
