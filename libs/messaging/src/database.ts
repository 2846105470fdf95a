import { backoffMs, delay } from '@backstep/resilience';
import { DatabaseUnavailableError, translate, type Executor } from '@backstep/concurrency';
import { HOT_PATH_SETTINGS, preparedExecutor } from '@backstep/unit-of-work';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import type { MessagingLogger } from './host.js';

/** How a service's database is reached. */
export interface DatabaseOptions {
  /** The URL of the service's own database, with the service's own role. */
  readonly url: string;
  /**
   * Connections of the hot path. Default 6; beside them TypeORM has two of its own, and a service that reads no topic one on which instances
   * agree who sends what a dead one has left.
   */
  readonly poolMax?: number;
  /**
   * How long a statement of the hot path waits for a row that somebody else holds, milliseconds. Default 2,000. It is the connection's
   * `lock_timeout`; what has waited for so long is set aside, and the others go on.
   */
  readonly lockTimeoutMs?: number;
}

/** The tables of a service: TypeORM's entities and migrations, in their order. */
export interface Schema {
  readonly entities: MixedList<string | EntitySchema | (new () => object)>;
  readonly migrations: readonly (new () => object)[];
}

/** How long a starting service waits for its database before it gives up, milliseconds. */
const DATABASE_START_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 30_000;
const LOCK_TIMEOUT_MS = 2_000;
/** Longer than the server's statement timeout: no answer within this time means that the connection is dead. */
const ANSWER_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5_000;
const POOL_MAX = 6;
const IDLE_TIMEOUT_MS = 30_000;
/** TypeORM has the metadata, runs the migrations and serves a service's own queries; the hot path has the other pool. */
const TYPEORM_POOL_MAX = 2;
const START_BACKOFF = { baseMs: 100, capMs: 2_000 };
/** How long a starting service waits for another instance that migrates, milliseconds. */
const MIGRATION_WAIT_MS = 10 * 60_000;
/** The advisory lock of migrations: any number, the same for all instances. */
const MIGRATION_LOCK = 4_077_231;

/** The service's database: a pool for the hot path, TypeORM for entities and migrations. */
export class Database {
  readonly executor: Executor;

  private constructor(
    readonly pool: pg.Pool,
    readonly dataSource: DataSource,
    /** How long a statement of the hot path waits for a row that somebody else holds, milliseconds. */
    readonly lockTimeoutMs: number,
  ) {
    this.executor = preparedExecutor(pool);
  }

  /** Connects and migrates. @throws DatabaseUnavailableError when the database stays away too long. */
  static async open(
    { url, poolMax = POOL_MAX, lockTimeoutMs = LOCK_TIMEOUT_MS }: DatabaseOptions,
    schema: Schema,
    logger: MessagingLogger,
  ): Promise<Database> {
    const pool = new pg.Pool({
      connectionString: url,
      max: poolMax,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      lock_timeout: lockTimeoutMs,
      query_timeout: ANSWER_TIMEOUT_MS,
      options: HOT_PATH_SETTINGS,
    });
    // The pool replaces an idle connection that breaks. An `error` without a listener would end the process.
    pool.on('error', (error) => logger.warn('a database connection broke', { error }));
    const dataSource = new DataSource({
      type: 'postgres',
      url,
      entities: schema.entities,
      migrations: [...schema.migrations],
      migrationsTableName: 'migration',
      migrationsTransactionMode: 'each',
      poolSize: TYPEORM_POOL_MAX,
      extra: { connectionTimeoutMillis: CONNECT_TIMEOUT_MS },
    });
    await connect(dataSource, logger);
    await migrate(pool, dataSource, logger);
    return new Database(pool, dataSource, lockTimeoutMs);
  }

  /** @throws DatabaseUnavailableError */
  async ping(): Promise<void> {
    try {
      await this.pool.query('SELECT 1');
    } catch (error) {
      throw translate(error);
    }
  }

  async close(): Promise<void> {
    await this.dataSource.destroy();
    await this.pool.end();
  }
}

async function connect(dataSource: DataSource, logger: MessagingLogger): Promise<void> {
  const until = Date.now() + DATABASE_START_TIMEOUT_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      await dataSource.initialize();
      return;
    } catch (thrown) {
      const error = translate(thrown);
      if (!(error instanceof DatabaseUnavailableError) || Date.now() > until) throw error;
      if (attempt === 0) logger.warn('waiting for the database', { error });
      await delay(backoffMs(START_BACKOFF, attempt));
    }
  }
}

/**
 * Several instances may start at once: one migrates, the others wait and then find no pending migration.
 * @throws Error when another is not done within `MIGRATION_WAIT_MS`
 */
async function migrate(pool: pg.Pool, dataSource: DataSource, logger: MessagingLogger): Promise<void> {
  const until = Date.now() + MIGRATION_WAIT_MS;
  for (let attempt = 0; !(await migrateAlone(pool, dataSource, logger)); attempt++) {
    if (Date.now() > until)
      throw new Error(`another instance has been migrating the database for ${MIGRATION_WAIT_MS / 60_000} minutes`);
    if (attempt === 0) logger.warn('another instance migrates the database; this one waits');
    await delay(backoffMs(START_BACKOFF, attempt));
  }
}

/**
 * The lock is of a transaction that is open meanwhile, not of the session: behind a pooler that shares sessions between transactions (PgBouncer),
 * a session's lock would be taken in one session, and given back in another.
 * @returns false: another instance has the lock
 */
async function migrateAlone(pool: pg.Pool, dataSource: DataSource, logger: MessagingLogger): Promise<boolean> {
  const client = await pool.connect();
  let ended = false;
  try {
    await client.query('BEGIN; SET LOCAL idle_in_transaction_session_timeout = 0');
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS locked', [
      MIGRATION_LOCK,
    ]);
    const locked = rows[0]?.locked === true;
    if (locked) for (const { name } of await dataSource.runMigrations()) logger.info('migrated', { migration: name });
    await client.query('COMMIT');
    ended = true;
    return locked;
  } finally {
    // A lock that may still be held goes with its connection.
    client.release(!ended);
  }
}
