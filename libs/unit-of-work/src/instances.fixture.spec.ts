import { Tables, type Executor } from '@backstep/concurrency';
import { OutboxRelay } from '@backstep/outbox';
import { createTestDatabase, waitUntil } from '@backstep/testing';
import pg from 'pg';
import { DataSource } from 'typeorm';
import {
  DEFAULT_LIMITS,
  HOT_PATH_SETTINGS,
  UNIT_OF_WORK_SQL,
  UnitOfWork,
  type TakenBy,
  type UnitOfWorkLimits,
} from './index.js';

export interface Instance {
  readonly unitOfWork: UnitOfWork;
  /** The names of the errors that it has met as conflicts. */
  readonly conflicts: string[];
  /** How its batches were committed. */
  readonly commits: { readonly locked: boolean; readonly attempts: number }[];
  /** How a key was taken from then on, each time that this changed. */
  readonly switches: TakenBy[];
  /** Closes its connections, which then tell PostgreSQL what they have counted. */
  close(): Promise<void>;
}

export interface OwnOptions extends Partial<UnitOfWorkLimits> {
  readonly connection?: pg.PoolConfig;
  /** Its clock; default: that of the machine. */
  readonly now?: () => number;
  /** The clock by which keys become hot; default: that of the process. */
  readonly monotonic?: () => number;
}

/**
 * What the specs of several instances share (no spec itself): a database with tables of the spec's own, and instances that share nothing
 * but it. Their connections have the settings of a service's.
 */
export async function instancesOn(entities: readonly (new () => object)[], sql: string) {
  const database = await createTestDatabase();
  await database.pool.query(`${UNIT_OF_WORK_SQL};${sql}`);
  const dataSource = await new DataSource({
    type: 'postgres',
    url: database.url,
    entities: [...entities],
    poolSize: 1,
  }).initialize();
  const instances = new Set<Instance>();
  const rivals = new Set<pg.PoolClient>();

  function instance({ connection, now = Date.now, monotonic, ...limits }: OwnOptions = {}): Instance {
    const pool = new pg.Pool({ connectionString: database.url, max: 3, options: HOT_PATH_SETTINGS, ...connection });
    pool.on('error', () => undefined);
    const relay = new OutboxRelay(pool as unknown as Executor, { publish: () => Promise.resolve() });
    const environment = {
      ...{ tables: new Tables(dataSource), source: 'spec', shardOf: () => 0, now },
      ...(monotonic && { monotonic }),
    };
    const switches: TakenBy[] = [];
    const conflicts: string[] = [];
    const commits: { locked: boolean; attempts: number }[] = [];
    const unitOfWork = new UnitOfWork(
      pool,
      environment,
      relay,
      { ...DEFAULT_LIMITS, conflictsMax: 1_000, ...limits },
      {
        conflict: ({ name }) => conflicts.push(name),
        committed: ({ locked, attempts }) => commits.push({ locked, attempts }),
        switched: (_, to) => switches.push(to),
      },
    );
    const made: Instance = {
      unitOfWork,
      conflicts,
      commits,
      switches,
      close: async () => {
        instances.delete(made);
        await relay.stop(0);
        await pool.end();
      },
    };
    instances.add(made);
    return made;
  }

  /** A transaction of somebody else, in which `statement` has run. */
  async function rival(statement: string): Promise<{ commit(): Promise<void> }> {
    const client = await database.pool.connect();
    rivals.add(client);
    await client.query('BEGIN');
    await client.query(statement);
    return {
      commit: async () => {
        rivals.delete(client);
        await client.query('COMMIT');
        client.release();
      },
    };
  }

  return {
    database,
    dataSource,
    instance,
    rival,
    /** Resolves when so many sessions wait for a lock in this database. */
    waiting: (sessions: number): Promise<unknown> =>
      waitUntil(`${sessions} wait for a lock`, async () => {
        const { rows } = await database.pool.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        return rows[0]?.n === sessions;
      }),
    async one<R>(statement: string, values: unknown[] = []): Promise<R> {
      const { rows } = await database.pool.query(statement, values);
      return (rows[0] as { value: R }).value;
    },
    /** After each spec: one that has failed has left its rival's transaction open. */
    endRivals(): void {
      for (const client of rivals) client.release(true);
      rivals.clear();
    },
    async close(): Promise<void> {
      for (const open of [...instances]) await open.close();
      await dataSource.destroy();
      await database.drop();
    },
  };
}
